#pragma once

#include "runtime/base/result.hpp"
#include "runtime/module/context.hpp"
#include "runtime/module/job_actor.hpp"
#include "runtime/node/gateway.hpp"
#include "runtime/node/services.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

namespace weft {

/// The jobs that were started on this node: what runs, and how what ran has
/// ended (of the last `finished_max`). Jobs run below the node's supervisor
/// "jobs". For tasks of the gateway alone, which brings the asking actor.
class job_table : public std::enable_shared_from_this<job_table> {
public:
  static constexpr std::size_t finished_max = 100;
  static constexpr std::chrono::seconds wait_max{60};

  using answer = std::function<void(result<nlohmann::json>)>;

  job_table(std::shared_ptr<node_services> services, context where,
            gateway actors);

  /// Starts a job of the cluster file; answers {id, name}. `not_found`: there
  /// is no such job.
  void start(caf::event_based_actor* self, const std::string& name,
             answer done);

  /// {id, name, state: running|done|failed, progress: {done, total, text},
  /// result, error: {code, message}}; waits up to `wait` for the end.
  void state(caf::event_based_actor* self, const std::string& id,
             std::chrono::milliseconds wait, answer done);

  /// Asks a job to end.
  void cancel(caf::event_based_actor* self, const std::string& id, answer done);

  /// All jobs without their results.
  nlohmann::json list() const;

private:
  struct entry {
    std::string id;
    std::string name;
    modules::job_actor actor;
    std::optional<result<nlohmann::json>> outcome;
    std::list<answer> waiting;
  };

  void started(caf::event_based_actor* self, std::shared_ptr<entry> job);
  void ended(const std::shared_ptr<entry>& job, result<nlohmann::json> outcome);
  void forget_oldest();

  std::shared_ptr<node_services> services_;
  context where_;
  gateway actors_;
  std::map<std::string, std::shared_ptr<entry>> jobs_;
  std::list<std::string> finished_;
  std::uint64_t count_ = 0;
};

} // namespace weft

#include "apps/byzantine/actors/module.hpp"

#include "apps/byzantine/actors/general.hpp"
#include "apps/byzantine/actors/run.hpp"
#include "apps/byzantine/actors/type_ids.hpp"
#include "apps/byzantine/command/flags.hpp"
#include "apps/byzantine/command/report.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/module/job.hpp"
#include "runtime/module/module.hpp"

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace weft::byzantine {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// How long a general may take to be found under its name.
constexpr std::chrono::nanoseconds find_timeout = 10s;

/// A general of a cluster, under its name.
general_actor::behavior_type named_general(general_actor::pointer self,
                                           context here, general_orders orders,
                                           std::string space_name) {
  auto mail = here.space(space_name);
  if (!mail)
    throw std::runtime_error{mail.error().message};
  here.register_as(self, caf::actor_cast<general_actor>(self),
                   name_of(orders.what.instance, orders.self),
                   [self](result<actors::registration> taken) {
                     if (!taken)
                       self->quit(to_caf(taken.error()));
                   });
  return general(self, *mail, orders);
}

/// Generals on all nodes in turn, found by name.
class mustering {
public:
  mustering(job& in, plan what, std::chrono::nanoseconds deadline,
            std::string space_name)
      : job_{in}, what_{std::move(what)}, deadline_{deadline},
        space_name_{std::move(space_name)} {}

  result<general_actor> start(general_id who) {
    const auto& nodes = job_.context().cluster().nodes;
    const auto& node = nodes[who % nodes.size()];
    actors::spawn_request general;
    general.type = "weft.byzantine_general";
    general.arguments =
        json_text({{"orders", general_orders{who, what_, deadline_}},
                   {"space", space_name_}});
    if (auto started = job_.spawn_on(node, general); !started)
      return pass_on(started);
    const auto name = name_of(what_.instance, who);
    auto found = job_.wait_for<general_actor>(name, find_timeout);
    if (!found)
      return found;
    if (auto where = job_.look_up(name))
      nodes_[std::to_string(who)] = where->node;
    job_.progress(who + 1, what_.generals, "generals take their places");
    return found;
  }

  /// Node by general.
  const std::map<std::string, std::string>& nodes() const { return nodes_; }

private:
  job& job_;
  plan what_;
  std::chrono::nanoseconds deadline_;
  std::string space_name_;
  std::map<std::string, std::string> nodes_;
};

json run_on_nodes(job& in, const plan& what, const flags& asked,
                  const std::string& space_name) {
  mustering all{in, what, asked.deadline, space_name};
  const campaign_place where{
      .mail = in.require(in.context().space(space_name)),
      .deadline = asked.deadline,
      .start = [&](general_id who) { return all.start(who); },
      .cancelled = [&] { return in.cancelled(); }};
  const auto came = in.require(in.coordinate(
      [&] { return run_campaign(in.self()->system(), what, where); }));
  auto made = to_json(what, came);
  made["nodes"] = all.nodes();
  return made;
}

json run_job(job& in, std::uint32_t generals,
             std::vector<std::uint32_t> traitors, std::string algorithm,
             std::optional<std::uint32_t> m, std::string order,
             std::string strategy, std::uint64_t seed, bool search_instead,
             std::chrono::nanoseconds deadline, std::string space_name) {
  const flags asked{.generals = generals,
                    .traitors = std::move(traitors),
                    .algorithm = std::move(algorithm),
                    .m = m,
                    .order = std::move(order),
                    .strategy = std::move(strategy),
                    .seed = seed,
                    .search = search_instead,
                    .deadline = deadline};
  const auto what = in.require(plan_of(asked));
  if (!search_instead)
    return run_on_nodes(in, what, asked, space_name);
  return to_json(what, in.require(in.compute(
                           [&] { return search(what, search_runs_max); })));
}

} // namespace

void register_in(module_registration& module) {
  const flags defaults;
  module.message_types<caf::id_block::weft_byzantine>();
  module.actor("byzantine_general", named_general, parameter("orders"),
               parameter("space", "byzantine"));
  module.job("byzantine", run_job, parameter("generals", defaults.generals),
             parameter("traitors", json::array()),
             parameter("algorithm", defaults.algorithm),
             parameter("m", nullptr), parameter("order", defaults.order),
             parameter("strategy", defaults.strategy),
             parameter("seed", defaults.seed),
             parameter("search", defaults.search), parameter("deadline", "10s"),
             parameter("space", "byzantine"));
}

} // namespace weft::byzantine

#include "apps/bench/actors/restart.hpp"

#include "apps/bench/bench_system.hpp"
#include "apps/bench/samples.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/supervision/supervisor_actor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

namespace weft::bench {

namespace {

using steady = std::chrono::steady_clock;

/// Crashes when told to work.
using worker_actor = typed_actor<void(work_atom)>;

/// Takes the announcements of the workers and crashes each.
using crasher_actor = typed_actor<void(caf::strong_actor_ptr)>;

using times_promise = std::shared_ptr<std::promise<std::vector<double>>>;

constexpr std::chrono::seconds command_timeout{10};

/// Erlang's supervisor searches all restarts of its period at each restart.
constexpr std::uint64_t crashes_per_supervisor = 50;

struct crasher_state {
  static inline const char* name = "weft.bench.crasher";
  std::vector<double> times_us;
  bool begun = false;
  steady::time_point crashed;
};

crasher_actor::behavior_type
crasher(crasher_actor::stateful_pointer<crasher_state> self,
        std::uint64_t count, const times_promise& done) {
  state(self).times_us.reserve(count);
  return {[=](const caf::strong_actor_ptr& worker) {
    auto& mine = state(self);
    if (mine.begun)
      mine.times_us.push_back(microseconds(steady::now() - mine.crashed));
    mine.begun = true;
    if (mine.times_us.size() == count) {
      done->set_value(std::move(mine.times_us));
      return self->quit();
    }
    mine.crashed = steady::now();
    send(self, caf::actor_cast<worker_actor>(worker), work_atom_v);
  }};
}

worker_actor::behavior_type worker(worker_actor::pointer self,
                                   const crasher_actor& announce_to) {
  send(self, announce_to, caf::actor_cast<caf::strong_actor_ptr>(self));
  return {[](work_atom) { throw std::runtime_error("told to crash"); }};
}

supervision::supervisor_options options(const crasher_actor& announce_to) {
  supervision::child_spec child;
  child.id = "worker";
  child.start = supervision::spawning(worker, announce_to);
  supervision::supervisor_options made;
  made.path = "bench";
  made.policy.intensity = supervision::supervisor_policy::intensity_max;
  made.policy.period = std::chrono::seconds{1};
  made.children = {std::move(child)};
  return made;
}

result<std::uint64_t>
counted_restarts(caf::actor_system& system,
                 const supervision::local_supervisor_actor& supervisor) {
  result<std::uint64_t> restarts = 0;
  caf::scoped_actor self{system};
  request(self.ptr(), supervisor, command_timeout, supervision::list_children{})
      .receive(
          [&](const std::vector<supervision::child_info>& children) {
            for (const auto& child : children)
              *restarts += child.restarts;
          },
          [&](const caf::error& error) {
            restarts = tl::unexpected(from_caf(error));
          });
  request(self.ptr(), supervisor, command_timeout,
          supervision::stop_supervisor{})
      .receive([](const supervision::supervisor_stopped&) {},
               [&](const caf::error& error) {
                 restarts = tl::unexpected(from_caf(error));
               });
  return restarts;
}

/// Crashes one supervisor's worker `count` times; returns how long each was
/// away.
result<std::vector<double>> crash_worker(caf::actor_system& system,
                                         std::uint64_t count) {
  const auto done = std::make_shared<std::promise<std::vector<double>>>();
  const auto driver = system.spawn(crasher, count, done);
  auto supervisor = supervision::spawn_supervisor(system, options(driver));
  if (!supervisor) {
    caf::anon_send_exit(driver, caf::exit_reason::kill);
    return pass_on(supervisor);
  }
  auto times = await(done->get_future(), "restarting");
  const auto restarts = counted_restarts(system, *supervisor);
  caf::anon_send_exit(driver, caf::exit_reason::kill);
  if (!times)
    return times;
  if (!restarts)
    return tl::unexpected(restarts.error());
  if (*restarts != count)
    return fail(errc::internal,
                fmt::format("the supervisor counted {} restarts, expected {}",
                            *restarts, count));
  return times;
}

} // namespace

result<restart_times> measure_restart(std::uint64_t count) {
  bench_config config;
  caf::actor_system system{config};
  std::vector<double> all;
  while (all.size() < count) {
    auto times = crash_worker(
        system, std::min(crashes_per_supervisor, count - all.size()));
    if (!times)
      return pass_on(times);
    all.insert(all.end(), times->begin(), times->end());
  }
  std::sort(all.begin(), all.end());
  return restart_times{quantile_of_sorted(all, 0.5),
                       quantile_of_sorted(all, 0.99)};
}

} // namespace weft::bench

#include "apps/bench/actors/spawn.hpp"

#include "apps/bench/actors/ping_pong.hpp"
#include "apps/bench/bench_system.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/format.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <unistd.h>
#include <vector>

namespace weft::bench {

namespace {

using steady = std::chrono::steady_clock;
using spawner_actor = typed_actor<void(start_atom), void(count_atom)>;

constexpr std::chrono::seconds answer_timeout{30};

/// What the run waits for, step by step.
struct milestones {
  std::atomic<std::uint64_t> idle = 0;
  std::promise<steady::duration> spawned;
  std::promise<bool> all_idle;
  std::promise<result<std::uint64_t>> answered;
};

using progress = std::shared_ptr<milestones>;

struct spawner_state {
  static inline const char* name = "weft.bench.spawner";
  std::vector<echo_actor> actors;
  std::uint64_t answers = 0;
};

using spawner_self = spawner_actor::stateful_pointer<spawner_state>;

echo_actor::behavior_type idle(echo_actor::pointer, const progress& run,
                               std::uint64_t expected) {
  if (run->idle.fetch_add(1) + 1 == expected)
    run->all_idle.set_value(true);
  return {[](std::uint64_t number) { return number; }};
}

/// One after the other: an actor searches all requests that it waits for at
/// each answer.
void ask(spawner_self self, const progress& run, std::uint64_t index) {
  request(self, state(self).actors[index], answer_timeout, index)
      .then(
          [=](std::uint64_t answer) {
            auto& mine = state(self);
            mine.answers += answer == index;
            if (index + 1 < mine.actors.size())
              return ask(self, run, index + 1);
            run->answered.set_value(mine.answers);
            self->quit();
          },
          [=](const caf::error& error) {
            run->answered.set_value(tl::unexpected(from_caf(error)));
            self->quit();
          });
}

spawner_actor::behavior_type spawner(spawner_self self, std::uint64_t count,
                                     const progress& run) {
  return {[=](start_atom) {
            auto& actors = state(self).actors;
            actors.reserve(count);
            const auto begun = steady::now();
            for (std::uint64_t index = 0; index < count; ++index)
              actors.push_back(self->spawn(idle, run, count));
            run->spawned.set_value(steady::now() - begun);
          },
          [=](count_atom) { ask(self, run, 0); }};
}

result<double> resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t total_pages = 0;
  std::uint64_t resident_pages = 0;
  if (!(file >> total_pages >> resident_pages))
    return fail(errc::io, "cannot read /proc/self/statm, where the resident "
                          "memory stands; is /proc mounted?");
  return static_cast<double>(resident_pages)
         * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

/// Everything but the actor system and the spawner's end.
result<spawn_cost> run_spawn(const spawner_actor& actor, const progress& run,
                             std::uint64_t count) {
  const auto before = resident_bytes();
  if (!before)
    return tl::unexpected(before.error());
  post(actor, start_atom_v);
  auto spawned = await(run->spawned.get_future(), "spawning");
  if (!spawned)
    return pass_on(spawned);
  if (auto idle = await(run->all_idle.get_future(), "spawning"); !idle)
    return pass_on(idle);
  const auto after = resident_bytes();
  if (!after)
    return tl::unexpected(after.error());
  post(actor, count_atom_v);
  auto answered = await(run->answered.get_future(), "asking all actors");
  if (!answered)
    return pass_on(answered);
  if (!*answered)
    return pass_on(*answered);
  if (**answered != count)
    return fail(errc::internal,
                fmt::format("{} of {} actors answered", **answered, count));
  const auto actors = static_cast<double>(count);
  const std::chrono::duration<double> seconds = *spawned;
  return spawn_cost{actors / seconds.count(), (*after - *before) / actors};
}

} // namespace

result<spawn_cost> measure_spawn(std::uint64_t count) {
  bench_config config;
  caf::actor_system system{config};
  const auto run = std::make_shared<milestones>();
  const auto actor = system.spawn(spawner, count, run);
  auto cost = run_spawn(actor, run, count);
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  return cost;
}

} // namespace weft::bench

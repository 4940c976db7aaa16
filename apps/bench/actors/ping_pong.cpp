#include "apps/bench/actors/ping_pong.hpp"

#include "apps/bench/bench_system.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace weft::bench {

namespace {

using steady = std::chrono::steady_clock;
using pinger_actor = typed_actor<void(start_atom)>;
using outcome_promise = std::shared_ptr<std::promise<result<double>>>;

constexpr std::uint64_t warm_up_max = 1000;
constexpr std::chrono::seconds request_timeout{10};

struct pinger_state {
  static inline const char* name = "weft.bench.pinger";

  // Without it CAF takes the first member for one that wants the actor.
  pinger_state() = default;

  echo_actor to;
  std::uint64_t count = 0;
  /// Requests still to be made, the one under way included.
  std::uint64_t left = 0;
  bool warm = false;
  steady::time_point begun;
  outcome_promise done;
};

using pinger_self = pinger_actor::stateful_pointer<pinger_state>;

void ping(pinger_self self);

void finish(pinger_self self, result<double> outcome) {
  state(self).done->set_value(std::move(outcome));
  self->quit();
}

void on_answer(pinger_self self, std::uint64_t answer) {
  auto& mine = state(self);
  if (answer != mine.left)
    return finish(
        self, fail(errc::internal,
                   fmt::format("the answer to {} was {}", mine.left, answer)));
  if (--mine.left > 0)
    return ping(self);
  if (mine.warm)
    return finish(self, microseconds(steady::now() - mine.begun)
                            / static_cast<double>(mine.count));
  mine.warm = true;
  mine.left = mine.count;
  mine.begun = steady::now();
  ping(self);
}

void ping(pinger_self self) {
  request(self, state(self).to, request_timeout, state(self).left)
      .then([self](std::uint64_t answer) { on_answer(self, answer); },
            [self](const caf::error& error) {
              finish(self, tl::unexpected(from_caf(error)));
            });
}

pinger_actor::behavior_type pinger(pinger_self self, const echo_actor& to,
                                   std::uint64_t count,
                                   const outcome_promise& done) {
  auto& mine = state(self);
  mine.to = to;
  mine.count = count;
  mine.left = std::min(count, warm_up_max);
  mine.done = done;
  return {[self](start_atom) { ping(self); }};
}

} // namespace

echo_actor::behavior_type echo(echo_actor::pointer) {
  return {[](std::uint64_t number) { return number; }};
}

result<double> time_round_trips(caf::actor_system& system, const echo_actor& to,
                                std::uint64_t count) {
  auto done = std::make_shared<std::promise<result<double>>>();
  auto outcome = done->get_future();
  const auto from = system.spawn(pinger, to, count, done);
  post(from, start_atom_v);
  auto timed = await(std::move(outcome), "the exchange of requests");
  if (!timed) {
    caf::anon_send_exit(from, caf::exit_reason::kill);
    return pass_on(timed);
  }
  return *timed;
}

result<double> measure_ping_pong(std::uint64_t count) {
  bench_config config;
  caf::actor_system system{config};
  // Ends when the last handle goes.
  return time_round_trips(system, system.spawn(echo), count);
}

} // namespace weft::bench

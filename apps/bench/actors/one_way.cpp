#include "apps/bench/actors/one_way.hpp"

#include "apps/bench/bench_system.hpp"

#include <fmt/format.h>

#include <memory>

namespace weft::bench {

namespace {

using steady = std::chrono::steady_clock;
using receiver_actor = typed_actor<void(std::uint64_t)>;
using sender_actor = typed_actor<void(start_atom)>;

struct tally {
  static inline const char* name = "weft.bench.receiver";
  std::uint64_t messages = 0;
  std::uint64_t sum = 0;
  steady::time_point ended;
};

using tally_promise = std::shared_ptr<std::promise<tally>>;

receiver_actor::behavior_type
receive_all(receiver_actor::stateful_pointer<tally> self,
            std::uint64_t expected, const tally_promise& done) {
  return {[=](std::uint64_t number) {
    auto& so_far = state(self);
    so_far.sum += number;
    if (++so_far.messages < expected)
      return;
    so_far.ended = steady::now();
    done->set_value(so_far);
    self->quit();
  }};
}

sender_actor::behavior_type send_all(sender_actor::pointer self,
                                     const receiver_actor& to,
                                     std::uint64_t count) {
  return {[=](start_atom) {
    for (std::uint64_t number = 1; number <= count; ++number)
      send(self, to, number);
    self->quit();
  }};
}

} // namespace

result<double> measure_one_way(std::uint64_t count) {
  bench_config config;
  caf::actor_system system{config};
  auto done = std::make_shared<std::promise<tally>>();
  auto outcome = done->get_future();
  const auto receiver = system.spawn(receive_all, count, done);
  const auto sender = system.spawn(send_all, receiver, count);
  const auto begun = steady::now();
  post(sender, start_atom_v);
  const auto arrived = await(std::move(outcome), "sending");
  if (!arrived) {
    caf::anon_send_exit(receiver, caf::exit_reason::kill);
    caf::anon_send_exit(sender, caf::exit_reason::kill);
    return tl::unexpected(arrived.error());
  }
  if (arrived->sum != count * (count + 1) / 2)
    return fail(errc::internal,
                fmt::format("the sum of {} numbers is {}, expected {}", count,
                            arrived->sum, count * (count + 1) / 2));
  const std::chrono::duration<double> seconds = arrived->ended - begun;
  return static_cast<double>(count) / seconds.count();
}

} // namespace weft::bench

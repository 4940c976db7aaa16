#include "apps/bench/actors/ping_pong_nodes.hpp"

#include "apps/bench/actors/ping_pong.hpp"
#include "apps/bench/bench_system.hpp"

namespace weft::bench {

result<void> serve_echo(const certificates& proof,
                        const ready_callback& ready) {
  const end_signals ends;
  bench_config config{answering_node};
  caf::actor_system system{config};
  const auto entry = system.spawn(echo);
  auto served =
      serve(system, proof, caf::actor_cast<caf::strong_actor_ptr>(entry), ends,
            ready);
  caf::anon_send_exit(entry, caf::exit_reason::user_shutdown);
  return served;
}

result<double> measure_ping_pong_nodes(const certificates& proof,
                                       std::uint16_t port,
                                       std::uint64_t count) {
  bench_config config{asking_node};
  caf::actor_system system{config};
  const auto other = connection::make(system, proof, port);
  if (!other)
    return tl::unexpected(other.error());
  return time_round_trips(system, caf::actor_cast<echo_actor>(other->entry()),
                          count);
}

} // namespace weft::bench

#include "apps/bench/ping_pong_nodes.hpp"

#include "apps/bench/bench_system.hpp"
#include "apps/bench/ping_pong.hpp"
#include "transport/carrier.hpp"
#include "transport/certificates.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>

namespace weft::bench {

namespace {

constexpr const char* cluster_name = "bench";
constexpr const char* asking_node = "ping";
constexpr const char* answering_node = "pong";
constexpr std::chrono::seconds connect_timeout{10};
constexpr std::chrono::minutes serve_time_max{10};

result<std::unique_ptr<transport::carrier>>
make_carrier(caf::actor_system& system, const certificates& proof,
             const std::string& own, const std::string& other) {
  transport::carrier_options how;
  if (proof)
    how.tls = {*proof + "/ca.pem", *proof + "/" + own + ".pem",
               *proof + "/" + own + ".key"};
  how.cluster = cluster_name;
  how.node = own;
  how.peers = {other};
  return transport::carrier::make(system, std::move(how),
                                  [](config::log_level, std::string_view) {});
}

/// Must be blocked in all threads, so before the actor system starts.
void wait_for_signal(const sigset_t& which) {
  const auto until = std::chrono::steady_clock::now() + serve_time_max;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() <= 0)
      return;
    const timespec limit{left.count(), 0};
    if (::sigtimedwait(&which, nullptr, &limit) >= 0 || errno != EINTR)
      return;
  }
}

} // namespace

result<void> make_bench_certificates(const std::string& folder) {
  const std::array<std::string, 2> nodes{asking_node, answering_node};
  auto written = transport::write_certificates(
      folder, cluster_name, nodes,
      transport::valid_for(std::chrono::system_clock::now(),
                           std::chrono::hours{1}));
  if (!written)
    return pass_on(written);
  return {};
}

result<void> serve_echo(const certificates& proof,
                        const std::function<void(std::uint16_t)>& ready) {
  sigset_t ends;
  ::sigemptyset(&ends);
  ::sigaddset(&ends, SIGTERM);
  ::sigaddset(&ends, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  bench_config config;
  caf::actor_system system{config};
  auto carrier = make_carrier(system, proof, answering_node, asking_node);
  if (!carrier)
    return pass_on(carrier);
  const auto entry = system.spawn(echo);
  const auto where = (*carrier)->listen(
      {"127.0.0.1", 0}, caf::actor_cast<caf::strong_actor_ptr>(entry));
  if (where) {
    ready(where->port);
    wait_for_signal(ends);
  }
  (*carrier)->stop();
  caf::anon_send_exit(entry, caf::exit_reason::user_shutdown);
  if (!where)
    return tl::unexpected(where.error());
  return {};
}

result<double> measure_ping_pong_nodes(const certificates& proof,
                                       std::uint16_t port,
                                       std::uint64_t count) {
  bench_config config;
  caf::actor_system system{config};
  auto carrier = make_carrier(system, proof, asking_node, answering_node);
  if (!carrier)
    return pass_on(carrier);
  auto found = std::make_shared<std::promise<result<transport::peer>>>();
  auto outcome = found->get_future();
  (*carrier)->connect(
      {"127.0.0.1", port}, answering_node, connect_timeout,
      [found](result<transport::peer> peer) { found->set_value(peer); });
  const auto answer = await(std::move(outcome), "connecting");
  if (!answer)
    return tl::unexpected(answer.error());
  const auto& peer = *answer;
  if (!peer)
    return tl::unexpected(peer.error());
  auto timed =
      time_round_trips(system, caf::actor_cast<echo_actor>(peer->entry), count);
  (*carrier)->stop();
  return timed;
}

} // namespace weft::bench

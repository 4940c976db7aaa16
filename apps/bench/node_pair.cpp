#include "apps/bench/node_pair.hpp"

#include "apps/bench/bench_system.hpp"
#include "apps/bench/programs.hpp"
#include "transport/carrier.hpp"
#include "transport/certificates.hpp"

#include <array>
#include <cerrno>
#include <utility>

namespace weft::bench {

namespace {

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

end_signals::end_signals() {
  ::sigemptyset(&which_);
  ::sigaddset(&which_, SIGTERM);
  ::sigaddset(&which_, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &which_, nullptr);
}

void end_signals::wait() const {
  const auto until = std::chrono::steady_clock::now() + serve_time_max;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() <= 0)
      return;
    const timespec limit{left.count(), 0};
    if (::sigtimedwait(&which_, nullptr, &limit) >= 0 || errno != EINTR)
      return;
  }
}

result<void> serve(caf::actor_system& system, const certificates& proof,
                   const caf::strong_actor_ptr& entry, const end_signals& ends,
                   const ready_callback& ready) {
  auto carrier = make_carrier(system, proof, answering_node, asking_node);
  if (!carrier)
    return pass_on(carrier);
  const auto where = (*carrier)->listen({loopback, 0}, entry);
  if (where) {
    ready(where->port);
    ends.wait();
  }
  (*carrier)->stop();
  if (!where)
    return tl::unexpected(where.error());
  return {};
}

connection::connection(std::unique_ptr<transport::carrier> carrier)
    : carrier_{std::move(carrier)} {}

connection::connection(connection&& other) noexcept = default;

connection::~connection() {
  if (carrier_)
    carrier_->stop();
}

result<connection> connection::make(caf::actor_system& system,
                                    const certificates& proof,
                                    std::uint16_t port) {
  auto carrier = make_carrier(system, proof, asking_node, answering_node);
  if (!carrier)
    return pass_on(carrier);
  connection made{std::move(*carrier)};
  auto found = std::make_shared<std::promise<result<transport::peer>>>();
  auto outcome = found->get_future();
  made.carrier_->connect(
      {loopback, port}, answering_node, connect_timeout,
      [found](result<transport::peer> peer) { found->set_value(peer); });
  const auto answer = await(std::move(outcome), "connecting");
  if (!answer)
    return tl::unexpected(answer.error());
  const auto& peer = *answer;
  if (!peer)
    return tl::unexpected(peer.error());
  made.entry_ = peer->entry;
  return made;
}

} // namespace weft::bench

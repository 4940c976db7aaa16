#include "tests/unit/transport/support.hpp"
#include "transport/basp_gateway.hpp"
#include "transport/scribe.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>

namespace weft::test {

using namespace transport;

namespace {

/// One end of a TCP connection, whose other end stays here.
class connected_socket {
public:
  connected_socket() : acceptor_{io_, {loopback, 0}}, mine_{io_} {
    mine_.connect(acceptor_.local_endpoint());
    given_ = acceptor_.accept().release();
  }

  /// To be closed by whoever gets it.
  int given() const { return given_; }

private:
  using tcp = boost::asio::ip::tcp;
  static inline const auto loopback = boost::asio::ip::address_v4::loopback();

  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  tcp::socket mine_;
  int given_ = -1;
};

caf::actor broker_of(caf::actor_system& system) {
  return system.middleman().named_broker<caf::io::basp_broker>(
      caf::atom("BASP"));
}

} // namespace

TEST_CASE("a connection that is dropped before it is polled is closed") {
  network_config config{"n1"};
  caf::actor_system system{config};
  const auto connections = std::make_shared<open_connections>();
  const connected_socket socket;
  // Both in one turn of the multiplexer, as when a tick follows a connect.
  system.middleman().backend().post(
      [scribe =
           make_scribe(system, {socket.given(), byte_stream{socket.given()},
                                "n2", connections, role::accepting, "demo",
                                [](const refusal&, bool) {}})
               .scribe] {
        scribe->configure_read(caf::io::receive_policy::exactly(1));
        scribe->wr_buf().push_back('x');
        scribe->flush();
        scribe->graceful_shutdown();
      });
  CHECK(connections->wait_until_empty(patience));
}

TEST_CASE("a message to itself does not keep CAF's broker after its system") {
  caf::weak_actor_ptr broker;
  {
    network_config config{"n1"};
    caf::actor_system system{config};
    const basp_gateway gateway{system};
    auto* self = caf::actor_cast<caf::abstract_actor*>(broker_of(system));
    broker = caf::actor_cast<caf::weak_actor_ptr>(self);
    // As the tick of a heartbeat that comes when the broker ends.
    self->attach_functor([self](const caf::error&) {
      self->enqueue(caf::actor_cast<caf::strong_actor_ptr>(self),
                    caf::make_message_id(), caf::make_message(caf::tick_atom_v),
                    nullptr);
    });
  }
  CHECK(broker.lock() == nullptr);
}

} // namespace weft::test

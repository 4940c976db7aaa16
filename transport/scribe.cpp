#include "transport/scribe.hpp"

#include "runtime/base/assert.hpp"
#include "runtime/caf/node_identity.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/exit_reason.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/stream_impl.hpp>
#include <caf/message.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <algorithm>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <vector>

namespace weft::transport {

namespace {

namespace network = caf::io::network;

/// A peer that asks and does not read gets no more answers of ours.
constexpr std::size_t unread_answers_bytes_max = 1u << 20;

/// How CAF's stream reads and writes.
class stream_policy {
public:
  explicit stream_policy(guarded_stream stream) : stream_{std::move(stream)} {}

  network::rw_state read_some(std::size_t& count, int, void* to,
                              std::size_t bytes_max) {
    count = 0;
    if (bytes_max == 0)
      return network::rw_state::indeterminate;
    const auto step = stream_.read(to, bytes_max);
    count = step.bytes;
    // "Success" of no bytes makes CAF wait for the next event.
    return step.state == io_state::failed ? network::rw_state::failure
                                          : network::rw_state::success;
  }

  network::rw_state write_some(std::size_t& count, int, const void* from,
                               std::size_t bytes) {
    count = 0;
    if (bytes == 0)
      return network::rw_state::indeterminate;
    // TLS writes one record of 16 KiB at a time: several an event, but not
    // so many that other connections wait.
    constexpr std::size_t bytes_per_event = 256 * 1024;
    const auto* begin = static_cast<const char*>(from);
    while (count < bytes && count < bytes_per_event) {
      const auto step = stream_.write(begin + count, bytes - count);
      if (step.state == io_state::failed)
        return network::rw_state::failure;
      if (step.state != io_state::done)
        break;
      count += step.bytes;
    }
    return network::rw_state::success;
  }

  static bool try_accept(int&, int) { return false; }

  bool must_read_more(int, std::size_t threshold) const {
    const auto pending = stream_.pending();
    return pending > 0 && pending >= threshold;
  }

private:
  guarded_stream stream_;
};

/// What CAF writes for these values.
template <class... Ts>
std::vector<char> serialized(caf::actor_system& system, const Ts&... values) {
  std::vector<char> bytes;
  caf::scoped_execution_unit context{&system};
  caf::binary_serializer sink{&context, bytes};
  const auto failed = sink(values...);
  WEFT_ASSERT(!failed);
  return bytes;
}

/// The payload of CAF's answer when it has no way to a node.
std::vector<std::uint8_t> unreachable(caf::actor_system& system) {
  const caf::error why{caf::exit_reason::remote_link_unreachable};
  const auto bytes = serialized(system, std::vector<caf::strong_actor_ptr>{},
                                caf::make_message(why));
  return {bytes.begin(), bytes.end()};
}

basp_guard guard_of(caf::actor_system& system, const scribe_options& options) {
  basp_judge::options judge;
  judge.own = own_node(system);
  judge.peer_host = host_of_node(options.cluster, options.peer_name);
  judge.dialed = options.mine == role::dialing;
  return {basp_judge{judge}, unreachable(system)};
}

/// Ends connections to machines that vanished; a frozen process is noticed by
/// CAF's heartbeats.
void set_keep_alive(int socket) {
  const auto set = [&](int level, int option, int value) {
    ::setsockopt(socket, level, option, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 10);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set(IPPROTO_TCP, TCP_KEEPCNT, 4);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 30'000);
}

std::uint16_t port_of_peer(int socket) {
  const auto port = network::remote_port_of_fd(socket);
  return port ? *port : std::uint16_t{0};
}

class peer_scribe : public caf::io::scribe {
public:
  peer_scribe(network::default_multiplexer& multiplexer,
              scribe_options&& options)
      : scribe{network::conn_hdl_from_socket(options.socket)},
        name_{options.peer_name}, port_{port_of_peer(options.socket)},
        connections_{std::move(options.connections)}, token_{connections_->add(
                                                          options.socket)},
        stream_{
            multiplexer, options.socket,
            guarded_stream{std::move(options.stream),
                           guard_of(multiplexer.system(), options),
                           {std::move(options.report),
                            [this](const auto& bytes) { answer(bytes); }}}} {}

  // The stream, a member, closes the socket after this.
  ~peer_scribe() override { connections_->remove(token_); }

  std::uint64_t token() const { return token_; }

  void configure_read(caf::io::receive_policy::config config) override {
    stream_.configure_read(config);
    if (!launched_) {
      launched_ = true;
      stream_.start(this);
    }
  }

  void ack_writes(bool enable) override { stream_.ack_writes(enable); }
  std::vector<char>& wr_buf() override { return stream_.wr_buf(); }
  std::vector<char>& rd_buf() override { return stream_.rd_buf(); }
  void flush() override { stream_.flush(this); }
  std::string addr() const override { return name_; }
  std::uint16_t port() const override { return port_; }
  void add_to_loop() override { stream_.activate(this); }

  /// CAF's stream holds this scribe until the multiplexer tells it that it is
  /// out of the loop. A stream that is taken out before it ever was in it is
  /// told nothing, and would hold us for ever.
  void remove_from_loop() override {
    stream_.passivate();
    if (stream_.eventbf() != 0)
      return;
    stream_.backend().del(network::operation::write, stream_.fd(), &stream_);
    stream_.removed_from_loop(network::operation::read);
    stream_.removed_from_loop(network::operation::write);
  }

  // Not "graceful": CAF would wait for a peer that may be frozen, and keep
  // what it has not read, for ever.
  void graceful_shutdown() override {
    const caf::intrusive_ptr<peer_scribe> alive{this};
    ::shutdown(stream_.fd(), SHUT_RDWR);
    detach(&stream_.backend(), false);
  }

private:
  void answer(const std::vector<std::uint8_t>& bytes) {
    auto& buffer = stream_.wr_buf();
    if (buffer.size() > unread_answers_bytes_max)
      return;
    buffer.insert(buffer.end(), bytes.begin(), bytes.end());
    stream_.flush(this);
  }

  std::string name_;
  std::uint16_t port_;
  std::shared_ptr<open_connections> connections_;
  std::uint64_t token_;
  bool launched_ = false;
  network::stream_impl<stream_policy> stream_;
};

} // namespace

node_bytes own_node(caf::actor_system& system) {
  const auto bytes = serialized(system, system.node());
  node_bytes own;
  WEFT_ASSERT(bytes.size() == own.size());
  std::copy(bytes.begin(), bytes.end(), own.begin());
  return own;
}

made_scribe make_scribe(caf::actor_system& system, scribe_options options) {
  set_keep_alive(options.socket);
  auto& multiplexer =
      dynamic_cast<network::default_multiplexer&>(system.middleman().backend());
  auto scribe = caf::make_counted<peer_scribe>(multiplexer, std::move(options));
  const auto token = scribe->token();
  return {std::move(scribe), token};
}

} // namespace weft::transport

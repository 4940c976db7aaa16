#pragma once

#include "transport/carrier_context.hpp"
#include "transport/core/admission.hpp"
#include "transport/opening.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <caf/actor_control_block.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace weft::transport {

/// Opens a socket that listens at `where`. May block to look up a host name.
/// Fails as `carrier::listen`.
result<boost::asio::ip::tcp::acceptor>
open_acceptor(boost::asio::io_context& io, const config::endpoint& where);

/// Accepts connections within the limits of an `admission`, opens them, and
/// hands those of good peers to CAF. Lives in the carrier's thread.
class listener : public std::enable_shared_from_this<listener> {
public:
  listener(carrier_context& context, boost::asio::ip::tcp::acceptor acceptor,
           std::uint16_t port, caf::strong_actor_ptr entry);

  void start();

  /// Stops accepting and drops what is half-open.
  void stop();

private:
  using tcp = boost::asio::ip::tcp;

  void accept_next();
  void on_accepted(boost::system::error_code error, tcp::socket socket);
  void admit(tcp::socket socket, const tcp::endpoint& from);
  void on_opened(std::uint64_t id, const tcp::endpoint& from,
                 tl::expected<opened, refusal> outcome);
  void hand_over(opened connection, const tcp::endpoint& from);
  void pause(std::chrono::nanoseconds time);

  carrier_context& context_;
  tcp::acceptor acceptor_;
  caf::strong_actor_ptr entry_;
  std::uint16_t port_;
  boost::asio::steady_timer pause_;
  admission admission_;
  std::map<std::uint64_t, std::shared_ptr<opening>> half_open_;
  std::uint64_t next_id_ = 1;
  bool stopped_ = false;
};

} // namespace weft::transport

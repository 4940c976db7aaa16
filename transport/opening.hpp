#pragma once

#include "transport/byte_stream.hpp"
#include "transport/carrier_context.hpp"
#include "transport/core/greeting.hpp"
#include "transport/identity.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::transport {

/// A connection that may carry CAF's bytes.
struct opened {
  boost::asio::ip::tcp::socket socket;
  byte_stream stream;
  std::string name;
};

/// Makes a connected TCP socket a connection between two nodes that know each
/// other: TLS handshake, check of the certificate's names, exchange of
/// greetings; the dialer greets first. Lives in the carrier's thread; keeps
/// itself alive until it has called `done`, exactly once.
class opening : public std::enable_shared_from_this<opening> {
public:
  using socket_type = boost::asio::ip::tcp::socket;
  using callback = std::function<void(tl::expected<opened, refusal>)>;

  struct options {
    role mine = role::accepting;
    /// Who must answer; of dialed connections only.
    std::string expected;
    std::chrono::nanoseconds timeout{};
    /// Called before the dialer's greeting leaves, which may make the peer
    /// hand the connection over.
    std::function<void()> commit;
  };

  opening(carrier_context& context, socket_type socket, options given,
          callback done);

  void start();

  /// Ends it with `why`, if it has not ended.
  void abandon(refusal why);

private:
  enum class stage : std::uint8_t { handshake, send, header, body };

  void advance();
  bool wait_after(const io_step& step);
  void on_handshake();
  void on_sent();
  void on_header();
  void on_body();
  void answer(greeting theirs);
  void send(greeting mine);
  void receive(stage next, std::size_t bytes);
  bool transfer();
  bool prefer_to_ours(const std::string& node);
  std::optional<refusal> judge(const std::string& cluster,
                               const std::string& node) const;
  std::string describe_stage() const;
  void finish(tl::expected<opened, refusal> outcome);

  carrier_context& context_;
  socket_type socket_;
  options options_;
  callback done_;
  boost::asio::steady_timer deadline_;
  std::optional<byte_stream> stream_;
  stage stage_ = stage::handshake;
  std::vector<std::uint8_t> buffer_;
  std::size_t transferred_ = 0;
  greeting_header header_;
  /// What the peer's certificate says; empty without TLS.
  std::optional<certified_name> certified_;
  /// Its name, once it is judged.
  std::string name_;
  /// Why we refuse the peer, to be told once our greeting has left.
  std::optional<refusal> verdict_;
};

} // namespace weft::transport

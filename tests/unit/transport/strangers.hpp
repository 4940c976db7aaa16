#pragma once

#include "config/options.hpp"

#include <doctest/doctest.h>

#include <netinet/in.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace weft::test {

/// Accepts connections and never says a word.
class silent_server {
public:
  silent_server() : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(socket_, raw, size) == 0);
    REQUIRE(::listen(socket_, 64) == 0);
    REQUIRE(::getsockname(socket_, raw, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~silent_server() { ::close(socket_); }
  silent_server(const silent_server&) = delete;
  silent_server& operator=(const silent_server&) = delete;

  config::endpoint where() const { return {"127.0.0.1", port_}; }

private:
  int socket_;
  std::uint16_t port_ = 0;
};

/// A plain TCP client that sends what it likes.
class stranger {
public:
  explicit stranger(const config::endpoint& where)
      : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(where.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&address),
                      sizeof address)
            == 0);
  }
  ~stranger() {
    if (socket_ >= 0)
      ::close(socket_);
  }
  stranger(stranger&& other) noexcept
      : socket_{std::exchange(other.socket_, -1)} {}

  void say(std::string_view bytes) {
    ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  void stop_talking() { ::shutdown(socket_, SHUT_WR); }

  /// Until the node closes the connection.
  void wait_for_end() {
    char byte = 0;
    while (::recv(socket_, &byte, 1, 0) > 0) {
    }
  }

  int socket() const { return socket_; }

private:
  int socket_;
};

} // namespace weft::test

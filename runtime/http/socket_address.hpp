#pragma once

#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/socket.h>

namespace weft::http {

inline constexpr std::size_t unix_path_bytes_max = 107;

/// Where a socket binds or connects, of any family.
struct socket_address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  const sockaddr* data() const noexcept {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
  int family() const noexcept { return storage.ss_family; }
};

/// The address of an IP literal, "127.0.0.1" or "::1"; nothing for a name.
std::optional<socket_address> ip_address(const std::string& host,
                                         std::uint16_t port);

/// The address of a Unix socket's file. A path that is empty, has a NUL or is
/// over 107 bytes is `invalid_argument`.
result<socket_address> unix_address(const std::string& path);

/// "127.0.0.1:80", "[::1]:80".
std::string host_and_port(const std::string& host, std::uint16_t port);

} // namespace weft::http

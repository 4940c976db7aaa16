#include "runtime/http/socket_address.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/un.h>

namespace weft::http {

static_assert(unix_path_bytes_max + 1 == sizeof(sockaddr_un::sun_path));

std::optional<socket_address> ip_address(const std::string& host,
                                         std::uint16_t port) {
  socket_address address;
  sockaddr_in v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&address.storage, &v4, sizeof v4);
    address.length = sizeof v4;
    return address;
  }
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&address.storage, &v6, sizeof v6);
    address.length = sizeof v6;
    return address;
  }
  return std::nullopt;
}

result<socket_address> unix_address(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos)
    return fail(errc::invalid_argument,
                "Unix socket: expected a path, got an empty one or one with a "
                "NUL byte");
  if (path.size() > unix_path_bytes_max)
    return fail(errc::invalid_argument,
                fmt::format("Unix socket \"{}\": expected a path of at most {} "
                            "bytes, got {}: use a shorter folder",
                            path, unix_path_bytes_max, path.size()));
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  std::memcpy(local.sun_path, path.data(), path.size());
  socket_address address;
  std::memcpy(&address.storage, &local, sizeof local);
  address.length = sizeof local;
  return address;
}

std::string host_and_port(const std::string& host, std::uint16_t port) {
  return host.find(':') == std::string::npos
             ? fmt::format("{}:{}", host, port)
             : fmt::format("[{}]:{}", host, port);
}

} // namespace weft::http

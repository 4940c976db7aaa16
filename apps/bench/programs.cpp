#include "apps/bench/programs.hpp"

#include "runtime/base/text.hpp"
#include "runtime/base/unique_fd.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weft::bench {

namespace {

sockaddr_in on_loopback(std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return where;
}

} // namespace

std::string find_program(std::string_view name) {
  const char* paths = std::getenv("PATH");
  for (const auto folder : split(paths != nullptr ? paths : "", ':')) {
    auto path = fmt::format("{}/{}", folder, name);
    if (!folder.empty() && ::access(path.c_str(), X_OK) == 0)
      return path;
  }
  return {};
}

std::string first_number(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  constexpr std::string_view blanks = " \t\n";
  for (auto at = text.find_first_of(digits); at != text.npos;
       at = text.find_first_of(digits, at + 1))
    if (at == 0 || blanks.find(text[at - 1]) != blanks.npos)
      return std::string{text.substr(at, text.find_first_of(blanks, at) - at)};
  return {};
}

result<std::uint16_t> find_free_port() {
  const unique_fd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  auto where = on_loopback(0);
  socklen_t size = sizeof where;
  auto* address = reinterpret_cast<sockaddr*>(&where);
  if (!socket || ::bind(socket.get(), address, size) != 0
      || ::getsockname(socket.get(), address, &size) != 0)
    return fail(errc::io, fmt::format("cannot find a free port on {}: {}",
                                      loopback, std::strerror(errno)));
  return ntohs(where.sin_port);
}

bool accepts_connections(std::uint16_t port) {
  const unique_fd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const auto where = on_loopback(port);
  return socket
         && ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&where),
                      sizeof where)
                == 0;
}

} // namespace weft::bench

#include "runtime/http/listen_socket.hpp"

#include "runtime/http/socket_address.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

namespace weft::http {

namespace {

constexpr std::chrono::seconds lock_wait_max{1};
constexpr std::chrono::milliseconds lock_retry_interval{10};

std::string system_message(int code) {
  return std::generic_category().message(code);
}

unique_fd open_socket(int family) {
  return unique_fd{
      ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
}

tl::unexpected<failure> bind_failure(const std::string& where, int code) {
  switch (code) {
  case EADDRINUSE:
    return fail(errc::already_exists,
                fmt::format("{} is in use: stop what listens there, or choose "
                            "another",
                            where));
  case EACCES:
    return fail(
        errc::permission_denied,
        fmt::format("{} is not ours to bind: {}; take a port above 1023, or a "
                    "folder that we can write",
                    where, system_message(code)));
  case EADDRNOTAVAIL:
    return fail(errc::invalid_argument,
                fmt::format("{} is no address of this machine; take one of its "
                            "own",
                            where));
  case ENOENT:
  case ENOTDIR:
    return fail(
        errc::not_found,
        fmt::format("{}: its folder does not exist, make it first", where));
  default:
    return fail(errc::io, fmt::format("{} cannot be bound: {}", where,
                                      system_message(code)));
  }
}

result<std::vector<socket_address>> addresses_of(const std::string& host,
                                                 std::uint16_t port) {
  if (const auto literal = ip_address(host, port))
    return std::vector{*literal};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int code = host.empty()
                       ? EAI_NONAME
                       : getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (code != 0)
    return fail(errc::invalid_argument,
                fmt::format("\"{}\" is no address of this machine: {}", host,
                            gai_strerror(code)));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner{found,
                                                                 freeaddrinfo};
  std::vector<socket_address> addresses;
  for (const auto* each = found; each; each = each->ai_next) {
    socket_address address;
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    address.length = each->ai_addrlen;
    if (address.family() == AF_INET)
      reinterpret_cast<sockaddr_in&>(address.storage).sin_port = htons(port);
    else if (address.family() == AF_INET6)
      reinterpret_cast<sockaddr_in6&>(address.storage).sin6_port = htons(port);
    else
      continue;
    addresses.push_back(address);
  }
  return addresses;
}

std::uint16_t port_of(int fd) {
  socket_address bound;
  bound.length = sizeof bound.storage;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound.storage),
                  &bound.length)
      != 0)
    return 0;
  return ntohs(bound.family() == AF_INET6
                   ? reinterpret_cast<sockaddr_in6&>(bound.storage).sin6_port
                   : reinterpret_cast<sockaddr_in&>(bound.storage).sin_port);
}

/// Locks the folder of `path` against others who bind in it this way. Nothing
/// but the folder itself is left behind.
result<unique_fd> lock_folder(const std::string& path) {
  auto folder = std::filesystem::path{path}.parent_path();
  if (folder.empty())
    folder = ".";
  unique_fd fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (fd.get() < 0)
    return bind_failure(fmt::format("Unix socket \"{}\"", path), errno);
  const auto end = std::chrono::steady_clock::now() + lock_wait_max;
  while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() >= end)
      return fail(errc::unavailable,
                  fmt::format("folder \"{}\" is locked by another process for "
                              "over a second: try again",
                              folder.string()));
    std::this_thread::sleep_for(lock_retry_interval);
  }
  return fd;
}

/// Removes a socket on which nobody listens.
result<void> clear_way(const std::string& path, const socket_address& address) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0)
    return {};
  if (!S_ISSOCK(info.st_mode))
    return fail(errc::already_exists,
                fmt::format("\"{}\" exists and is no socket: remove it, or "
                            "choose another path",
                            path));
  const auto where = fmt::format("Unix socket \"{}\"", path);
  const auto probe = open_socket(AF_UNIX);
  if (probe.get() < 0)
    return bind_failure(where, errno);
  // EAGAIN: alive, but with more connections waiting than it takes.
  if (::connect(probe.get(), address.data(), address.length) == 0
      || errno == EAGAIN)
    return fail(errc::already_exists,
                fmt::format("somebody listens on \"{}\" already: stop that "
                            "process, or choose another path",
                            path));
  if (errno != ECONNREFUSED || ::unlink(path.c_str()) != 0)
    return bind_failure(where, errno);
  return {};
}

} // namespace

result<tcp_listen_socket> listen_on_tcp(const std::string& host,
                                        std::uint16_t port) {
  const auto addresses = addresses_of(host, port);
  if (!addresses)
    return tl::unexpected{addresses.error()};
  int code = EADDRNOTAVAIL;
  for (const auto& address : *addresses) {
    auto fd = open_socket(address.family());
    const int on = 1;
    if (fd.get() >= 0
        && ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0
        && ::bind(fd.get(), address.data(), address.length) == 0
        && ::listen(fd.get(), SOMAXCONN) == 0) {
      const auto bound = port_of(fd.get());
      return tcp_listen_socket{std::move(fd), bound};
    }
    code = errno;
  }
  return bind_failure(host_and_port(host, port), code);
}

result<unix_listen_socket> unix_listen_socket::listen(const std::string& path) {
  const auto address = unix_address(path);
  if (!address)
    return tl::unexpected{address.error()};
  const auto where = fmt::format("Unix socket \"{}\"", path);
  // Between bind and listen a socket looks dead to others: hence the lock.
  auto lock = lock_folder(path);
  if (!lock)
    return pass_on(lock);
  if (auto cleared = clear_way(path, *address); !cleared)
    return pass_on(cleared);
  unix_listen_socket made;
  made.fd_ = open_socket(AF_UNIX);
  // On Linux the file gets the mode of the unbound socket, less the umask
  // (unix(7)): so there is no moment at which others could connect.
  if (made.fd_.get() < 0 || ::fchmod(made.fd_.get(), 0600) != 0
      || ::bind(made.fd_.get(), address->data(), address->length) != 0)
    return bind_failure(where, errno);
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0)
    return bind_failure(where, errno);
  made.path_ = path;
  made.device_ = info.st_dev;
  made.inode_ = info.st_ino;
  if ((info.st_mode & 0077) != 0)
    return fail(errc::internal, fmt::format("{} has mode {:o}, expected 600",
                                            where, info.st_mode & 0777));
  if (::listen(made.fd_.get(), SOMAXCONN) != 0)
    return bind_failure(where, errno);
  return made;
}

unix_listen_socket::unix_listen_socket(unix_listen_socket&& other) noexcept
    : fd_(std::move(other.fd_)), path_(std::exchange(other.path_, {})),
      device_(other.device_), inode_(other.inode_) {}

unix_listen_socket::~unix_listen_socket() {
  struct stat info {};
  if (!path_.empty() && ::lstat(path_.c_str(), &info) == 0
      && info.st_dev == device_ && info.st_ino == inode_)
    ::unlink(path_.c_str());
}

} // namespace weft::http

#pragma once

#include "runtime/base/result.hpp"
#include "runtime/base/unique_fd.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace weft::http {

/// A listening TCP socket, non-blocking.
struct tcp_listen_socket {
  unique_fd fd;
  std::uint16_t port = 0;
};

/// Binds and listens. A name is looked up on the calling thread. Fails with
/// `already_exists` (in use), `permission_denied`, `invalid_argument` (no
/// address of this machine) or `io`.
result<tcp_listen_socket> listen_on_tcp(const std::string& host,
                                        std::uint16_t port);

/// A listening Unix socket, non-blocking, and its file; the file goes with the
/// object, if it is still the same one. Movable only.
class unix_listen_socket {
public:
  /// Binds and listens with mode 0600, which the file has from its first
  /// moment. What stands in the way is replaced if it is a socket on which
  /// nobody listens; for this a lock on the folder is held, for which it waits
  /// up to a second (`unavailable`). A living socket, or another kind of file,
  /// is `already_exists`; a path over 107 bytes `invalid_argument`; a missing
  /// folder `not_found`.
  static result<unix_listen_socket> listen(const std::string& path);

  unix_listen_socket(unix_listen_socket&& other) noexcept;
  unix_listen_socket& operator=(unix_listen_socket&&) = delete;
  ~unix_listen_socket();

  /// Gives the descriptor away; the file stays with this object.
  unique_fd take_fd() noexcept { return std::move(fd_); }

private:
  unix_listen_socket() = default;

  unique_fd fd_;
  std::string path_;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
};

} // namespace weft::http

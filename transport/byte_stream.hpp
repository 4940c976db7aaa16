#pragma once

#include "runtime/base/result.hpp"
#include "transport/core/refusal.hpp"
#include "transport/openssl_handle.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace weft::transport {

/// Which end of a connection we are.
enum class role : std::uint8_t { dialing, accepting };

enum class io_state : std::uint8_t {
  /// The step is done; of reads and writes, at least one byte.
  done,
  /// Try again once the socket is readable.
  want_read,
  /// Try again, with the same bytes, once the socket is writable.
  want_write,
  /// The connection is over; `byte_stream::why` says why.
  failed,
};

struct io_step {
  io_state state = io_state::failed;
  std::size_t bytes = 0;
};

/// Bytes over a connected, non-blocking socket, with or without TLS. Does not
/// own the socket, never blocks, never raises SIGPIPE. One thread at a time;
/// it may be handed from one to another.
class byte_stream {
public:
  /// Without TLS.
  explicit byte_stream(int socket);

  /// With TLS; nothing is sent before `handshake`. `context` is kept alive.
  static result<byte_stream> secured(int socket, SSL_CTX* context, role mine);

  byte_stream(byte_stream&&) noexcept = default;
  byte_stream& operator=(byte_stream&&) noexcept = default;

  /// Call until it is done; done at once without TLS.
  io_step handshake();

  io_step read(void* to, std::size_t bytes_max);

  /// Writes a part or all of it.
  io_step write(const void* from, std::size_t bytes);

  /// Bytes that are read from the socket and decrypted already, so that no
  /// event of the socket will announce them.
  std::size_t pending() const;

  bool secure() const { return ssl_ != nullptr; }

  /// True once the peer sent at least one byte.
  bool heard() const { return wire_->heard > 0; }

  /// The peer's certificate after the handshake; null without TLS.
  x509_ptr peer_certificate() const;

  /// Why the last step failed.
  const refusal& why() const { return why_; }

  /// The socket under TLS, and what is worth telling about it.
  struct wire {
    int socket = -1;
    bool ended = false;
    int error = 0;
    /// The first bytes that the peer sent: they tell TLS from all else.
    std::array<unsigned char, 5> first{};
    std::size_t heard = 0;
  };

private:
  io_step after(int returned, std::size_t bytes);
  io_step plain_step(long count);
  refusal explain(int error) const;

  /// Where BIO callbacks find it, so it must not move.
  std::unique_ptr<wire> wire_;
  ssl_ptr ssl_;
  bool established_ = false;
  refusal why_;
};

} // namespace weft::transport

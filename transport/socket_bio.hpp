#pragma once

#include "transport/byte_stream.hpp"

namespace weft::transport {

/// An OpenSSL source and sink over `wire`, which must outlive it. OpenSSL's
/// own for sockets writes with write(2), which raises SIGPIPE when the peer
/// is gone.
bio_ptr make_socket_bio(byte_stream::wire& wire);

/// recv and send without SIGPIPE and EINTR; they note the peer's first bytes,
/// its end, and errno in `wire`. Negative when `wire.error` is set, EAGAIN too.
long receive(byte_stream::wire& wire, void* to, std::size_t bytes_max);
long transmit(byte_stream::wire& wire, const void* from, std::size_t bytes);

} // namespace weft::transport

#pragma once

#include "runtime/base/result.hpp"
#include "transport/identity.hpp"
#include "transport/openssl_handle.hpp"

namespace weft::transport {

/// What all TLS connections of a node share, both ends of them: TLS 1.3 and
/// nothing else, a certificate of `mine.authority` demanded of every peer, no
/// tickets, no session reuse. Shared by threads without a lock once made.
result<ssl_context_ptr> make_tls_context(const identity& mine);

} // namespace weft::transport

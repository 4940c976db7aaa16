#pragma once

#include "runtime/base/result.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Making a cluster's private certificate authority and the certificates of
/// its nodes: EC P-256 keys, SHA-256 signatures, PEM.
namespace weft::transport {

/// A certificate and the private key that fits it, PEM.
struct certificate_and_key {
  std::string certificate;
  std::string key;
};

/// From when and until when a certificate is valid.
struct validity {
  std::chrono::system_clock::time_point from;
  std::chrono::system_clock::time_point until;
};

/// `lifetime` from `now` on, and an hour before it for clocks that are late.
validity valid_for(std::chrono::system_clock::time_point now,
                   std::chrono::hours lifetime);

/// A new authority "weft <cluster> authority", which may sign nodes and
/// nothing else. Fails with `invalid_argument` when `cluster` is no name or
/// the validity is empty.
result<certificate_and_key> make_authority(std::string_view cluster,
                                           validity when);

/// A certificate for `node` of `cluster`, signed by `authority`, for both ends
/// of a connection. Common name is the node, organization the cluster; what
/// binds the name is the URI weft://<cluster>/<node>. Fails with
/// `invalid_argument` when a name is none, the validity is empty, or the
/// authority's key does not fit its certificate.
result<certificate_and_key>
make_node_certificate(const certificate_and_key& authority,
                      std::string_view cluster, std::string_view node,
                      validity when);

/// Writes the certificates of `nodes` into `directory`, which must exist:
/// ca.pem, ca.key, and <node>.pem, <node>.key each. An authority that lies
/// there is used again, so that nodes can be added and certificates renewed;
/// else one is made. Every file has mode 0600 from its first moment and
/// appears whole or not at all. Returns the paths written. Fails with
/// `invalid_argument` (a name, an authority that is broken or of another
/// cluster) or `io`; files written before the failure stay.
result<std::vector<std::string>>
write_certificates(const std::string& directory, std::string_view cluster,
                   std::span<const std::string> nodes, validity when);

} // namespace weft::transport

#pragma once

#include "runtime/base/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace weft::transport {

/// Paths of a node's PEM files.
struct identity_files {
  /// The certificate of the cluster's private authority.
  std::string ca;
  std::string cert;
  /// Readable by its owner only.
  std::string key;

  friend bool operator==(const identity_files&,
                         const identity_files&) = default;
};

/// Reads a node's files and checks them for use at `now`. Each failure has a
/// message of its own that says what to do: a file is missing or unreadable
/// (`not_found`, `io`), is no PEM, the key is readable by others
/// (`permission_denied`) or does not fit, the certificate is out of its time,
/// not signed by this authority, or for another node or cluster
/// (`invalid_argument`).
result<void> check_identity(const identity_files& files,
                            std::string_view cluster, std::string_view node,
                            std::chrono::system_clock::time_point now);

} // namespace weft::transport

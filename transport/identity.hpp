#pragma once

#include "runtime/base/result.hpp"
#include "transport/certificates.hpp"
#include "transport/identity_files.hpp"
#include "transport/openssl_handle.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// Reading what a node proves its name with, and checking it before anything
/// listens.
namespace weft::transport {

/// A node's certificate and key with the authority that peers must have too.
struct identity {
  x509_ptr authority;
  x509_ptr certificate;
  key_ptr key;
};

/// What a certificate says of its node.
struct certified_name {
  std::string cluster;
  std::string node;
};

/// "weft://demo/n1": the subject alternative name that binds a node's name.
std::string identity_uri(std::string_view cluster, std::string_view node);

/// The names in the certificate's one weft:// URI; fails with
/// `invalid_argument` when it has none or several.
result<certified_name> name_in(const X509* certificate);

/// Reads and checks a node's files for use at `now`; see `check_identity`.
result<identity> load_identity(const identity_files& files,
                               std::string_view cluster, std::string_view node,
                               std::chrono::system_clock::time_point now);

/// Reads an authority with its key, to sign certificates that are valid within
/// `when`. Fails as `load_identity`, also when the authority ends before they
/// would.
result<certificate_and_key> load_authority(const std::string& certificate,
                                           const std::string& key,
                                           std::string_view cluster,
                                           validity when);

/// The first certificate, or the key, in a PEM text; null when there is none
/// or it has a pass phrase.
x509_ptr parse_certificate(std::string_view pem);
key_ptr parse_key(std::string_view pem);

} // namespace weft::transport

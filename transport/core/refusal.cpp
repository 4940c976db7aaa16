#include "transport/core/refusal.hpp"

#include <algorithm>

namespace weft::transport {

std::string_view to_string(refusal_kind kind) noexcept {
  switch (kind) {
  case refusal_kind::not_tls:
    return "no TLS";
  case refusal_kind::tls_version:
    return "no TLS 1.3";
  case refusal_kind::no_certificate:
    return "no certificate";
  case refusal_kind::other_authority:
    return "certificate of another authority";
  case refusal_kind::bad_certificate:
    return "bad certificate";
  case refusal_kind::other_cluster:
    return "another cluster";
  case refusal_kind::unknown_name:
    return "name not in the cluster";
  case refusal_kind::wrong_name:
    return "wrong name";
  case refusal_kind::own_name:
    return "our own name";
  case refusal_kind::refused_by_peer:
    return "refused by the peer";
  case refusal_kind::garbled:
    return "garbled";
  case refusal_kind::forged:
    return "in another node's name";
  case refusal_kind::routed:
    return "to be passed on";
  case refusal_kind::closed:
    return "closed early";
  case refusal_kind::deadline:
    return "deadline";
  case refusal_kind::limit:
    return "limit";
  case refusal_kind::busy:
    return "busy";
  case refusal_kind::system:
    return "system";
  }
  return "unknown";
}

errc code_of(refusal_kind kind) noexcept {
  switch (kind) {
  case refusal_kind::not_tls:
  case refusal_kind::tls_version:
  case refusal_kind::no_certificate:
  case refusal_kind::other_authority:
  case refusal_kind::bad_certificate:
  case refusal_kind::other_cluster:
  case refusal_kind::unknown_name:
  case refusal_kind::wrong_name:
  case refusal_kind::own_name:
  case refusal_kind::refused_by_peer:
  case refusal_kind::forged:
  case refusal_kind::routed:
    return errc::permission_denied;
  case refusal_kind::deadline:
    return errc::timed_out;
  case refusal_kind::limit:
    return errc::exhausted;
  case refusal_kind::garbled:
  case refusal_kind::closed:
  case refusal_kind::busy:
  case refusal_kind::system:
    return errc::unavailable;
  }
  return errc::internal;
}

std::string printable(std::string_view raw, std::size_t bytes_max) {
  std::string text{raw.substr(0, bytes_max)};
  std::replace_if(
      text.begin(), text.end(),
      [](char byte) { return byte < ' ' || byte > '~'; }, '.');
  return text;
}

} // namespace weft::transport

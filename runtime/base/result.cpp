#include "runtime/base/result.hpp"

namespace weft {

std::string_view to_string(errc code) noexcept {
  switch (code) {
  case errc::none:
    return "none";
  case errc::invalid_argument:
    return "invalid_argument";
  case errc::not_found:
    return "not_found";
  case errc::already_exists:
    return "already_exists";
  case errc::permission_denied:
    return "permission_denied";
  case errc::unavailable:
    return "unavailable";
  case errc::timed_out:
    return "timed_out";
  case errc::exhausted:
    return "exhausted";
  case errc::unsupported:
    return "unsupported";
  case errc::cancelled:
    return "cancelled";
  case errc::io:
    return "io";
  case errc::internal:
    return "internal";
  }
  return "unknown";
}

std::optional<errc> parse_errc(std::string_view name) noexcept {
  for (auto code = errc::invalid_argument; code <= errc::internal;
       code = static_cast<errc>(static_cast<int>(code) + 1))
    if (to_string(code) == name)
      return code;
  return std::nullopt;
}

std::string to_string(const failure& what) {
  std::string text{to_string(what.code)};
  if (!what.message.empty())
    text.append(": ").append(what.message);
  return text;
}

} // namespace weft

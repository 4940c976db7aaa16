#pragma once

#include "runtime/base/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::http {

/// What a request is for: the second word of its first line, decoded.
struct target {
  /// Of the absolute form "http://authority/path" only.
  std::optional<std::string> authority;
  /// Starts with a slash; UTF-8 without control characters; no segment is "."
  /// or "..".
  std::string path;
  /// UTF-8 without NUL; of a repeated name the last.
  std::map<std::string, std::string> query;
};

/// Reads "/a%20b?x=1&y=2" and the absolute form (RFC 9112, 3.2). Everything
/// that `target` excludes, and a percent sign that no two hexadecimal digits
/// follow, is `invalid_argument`.
result<target> parse_target(std::string_view text);

/// The inverse, in origin form: "/a%20b?x=1&y=2".
std::string format_target(std::string_view path,
                          const std::map<std::string, std::string>& query);

/// Replaces each %XX by its byte. Fails with `invalid_argument` on a percent
/// sign without two hexadecimal digits.
result<std::string> percent_decode(std::string_view text);

/// Replaces each byte but [A-Za-z0-9._~-] and those of `kept` by %XX.
std::string percent_encode(std::string_view text, std::string_view kept = "");

/// Whether the Host header `host` of a request may come from somebody who
/// means this server: an IP address or "localhost", or one of `names`; each
/// with or without a port; or nothing. A web page that makes its own name
/// point here (DNS rebinding) is told by its name. Fails with
/// `permission_denied`, and `invalid_argument` if it is no host at all.
result<void> check_host(std::string_view host,
                        const std::vector<std::string>& names);

} // namespace weft::http

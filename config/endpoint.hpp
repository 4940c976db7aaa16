#pragma once

#include "config/options.hpp"
#include "runtime/base/result.hpp"

#include <string>
#include <string_view>

namespace weft::config {

/// Parses "host:port" or "[IPv6]:port"; host is an IPv4 or IPv6 address or a
/// host name (RFC 1123), port 0 to 65535. The host keeps no brackets. Fails
/// with `errc::invalid_argument`.
result<endpoint> parse_endpoint(std::string_view text);

/// As `parse_endpoint`, for messages that say the rest themselves: the error is
/// what was expected, "a port from 0 to 65535 after the last colon".
tl::expected<endpoint, std::string> match_endpoint(std::string_view text);

/// The text that parses back to the same endpoint.
std::string format_endpoint(const endpoint& what);

/// One spelling for each host: addresses as the system prints them, names in
/// lower case, localhost as 127.0.0.1.
std::string canonical_host(std::string_view host);

/// True for localhost, 127.0.0.0/8 and ::1, which no other machine reaches.
bool is_loopback(std::string_view host);

/// True for 0.0.0.0 and ::, which name no host that a peer could call.
bool is_wildcard(std::string_view host);

} // namespace weft::config

#include "config/endpoint.hpp"

#include "config/problem.hpp"
#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <charconv>

namespace weft::config {

namespace {

template <std::size_t N>
std::optional<std::array<unsigned char, N>> address(int family,
                                                    std::string_view host) {
  std::array<unsigned char, N> bytes{};
  if (inet_pton(family, std::string{host}.c_str(), bytes.data()) != 1)
    return std::nullopt;
  return bytes;
}

auto ipv4(std::string_view host) {
  return address<4>(AF_INET, host);
}
auto ipv6(std::string_view host) {
  return address<16>(AF_INET6, host);
}

bool is_alphanumeric(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-'
         && label.back() != '-'
         && std::all_of(label.begin(), label.end(), [](char letter) {
              return is_alphanumeric(letter) || letter == '-' || letter == '_';
            });
}

/// A name that ends in a number would be a mistyped IPv4 address.
bool is_host_name(std::string_view host) {
  const auto labels = split(host, '.');
  const auto last = labels.back();
  const bool numeric = std::all_of(last.begin(), last.end(), [](char letter) {
    return std::isdigit(static_cast<unsigned char>(letter)) != 0;
  });
  return host.size() <= 253 && !numeric
         && std::all_of(labels.begin(), labels.end(), is_label);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, port);
  if (text.empty() || code != std::errc{} || stop != end)
    return std::nullopt;
  return port;
}

} // namespace

tl::expected<endpoint, std::string> match_endpoint(std::string_view text) {
  const auto refuse = [](std::string expectation) {
    return tl::unexpected<std::string>(std::move(expectation));
  };
  constexpr auto form = "host:port such as 127.0.0.1:7001 or [::1]:7001";
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return refuse(form);
  auto host = text.substr(0, colon);
  const auto port = parse_port(text.substr(colon + 1));
  if (!port)
    return refuse("a port from 0 to 65535 after the last colon");
  const bool bracketed =
      host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  if (!bracketed && ipv6(host))
    return refuse("an IPv6 address in brackets such as [::1]:7001");
  const bool valid =
      bracketed ? ipv6(host).has_value() : ipv4(host) || is_host_name(host);
  if (!valid)
    return refuse(form);
  return endpoint{std::string{host}, *port};
}

result<endpoint> parse_endpoint(std::string_view text) {
  auto matched = match_endpoint(text);
  if (matched)
    return *std::move(matched);
  return fail(errc::invalid_argument,
              fmt::format("expected {}, got {}", matched.error(), quote(text)));
}

std::string format_endpoint(const endpoint& what) {
  if (what.host.find(':') != std::string::npos)
    return fmt::format("[{}]:{}", what.host, what.port);
  return fmt::format("{}:{}", what.host, what.port);
}

std::string canonical_host(std::string_view host) {
  char text[INET6_ADDRSTRLEN] = {};
  if (const auto bytes = ipv4(host))
    return inet_ntop(AF_INET, bytes->data(), text, sizeof text);
  if (const auto bytes = ipv6(host))
    return inet_ntop(AF_INET6, bytes->data(), text, sizeof text);
  std::string lower;
  for (const unsigned char letter : host)
    lower += static_cast<char>(std::tolower(letter));
  return lower == "localhost" ? "127.0.0.1" : lower;
}

bool is_loopback(std::string_view host) {
  const auto canonical = canonical_host(host);
  const auto bytes = ipv4(canonical);
  return bytes ? bytes->front() == 127 : canonical == "::1";
}

bool is_wildcard(std::string_view host) {
  constexpr std::array<unsigned char, 4> any4{};
  constexpr std::array<unsigned char, 16> any6{};
  return ipv4(host) == any4 || ipv6(host) == any6;
}

} // namespace weft::config

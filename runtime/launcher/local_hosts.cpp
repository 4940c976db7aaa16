#include "runtime/launcher/local_hosts.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <climits>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>

namespace weft::launcher {

namespace {

/// The 16 bytes of an address, IPv4 mapped into IPv6, so that two spellings of
/// one address compare equal. "[::1]" and "fe80::1%eth0" are understood.
std::optional<in6_addr> parse_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']'))
    text = text.substr(1, text.size() - 2);
  std::string plain{text.substr(0, text.find('%'))};
  in6_addr parsed{};
  in_addr four{};
  if (::inet_pton(AF_INET, plain.c_str(), &four) == 1)
    plain.insert(0, "::ffff:");
  if (::inet_pton(AF_INET6, plain.c_str(), &parsed) == 1)
    return parsed;
  return std::nullopt;
}

bool same(const in6_addr& a, const in6_addr& b) {
  return IN6_ARE_ADDR_EQUAL(&a, &b);
}

bool is_loopback_or_any(const in6_addr& address) {
  if (IN6_IS_ADDR_LOOPBACK(&address) || IN6_IS_ADDR_UNSPECIFIED(&address))
    return true;
  const auto* bytes = address.s6_addr;
  const bool any =
      std::all_of(bytes + 12, bytes + 16, [](auto byte) { return byte == 0; });
  return IN6_IS_ADDR_V4MAPPED(&address) && (bytes[12] == 127 || any);
}

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char each) {
    return each >= 'A' && each <= 'Z' ? static_cast<char>(each + 32) : each;
  };
  return std::ranges::equal(a, b, {}, lower, lower);
}

} // namespace

std::vector<std::string> local_hosts() {
  std::vector<std::string> hosts;
  std::array<char, HOST_NAME_MAX + 1> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0')
    hosts.emplace_back(name.data());
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0)
    return hosts;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner{
      first, &::freeifaddrs};
  for (const auto* each = first; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr)
      continue;
    const void* bytes = nullptr;
    const int family = each->ifa_addr->sa_family;
    if (family == AF_INET)
      bytes = &reinterpret_cast<const sockaddr_in*>(each->ifa_addr)->sin_addr;
    else if (family == AF_INET6)
      bytes = &reinterpret_cast<const sockaddr_in6*>(each->ifa_addr)->sin6_addr;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (bytes != nullptr
        && ::inet_ntop(family, bytes, text.data(), text.size()) != nullptr)
      hosts.emplace_back(text.data());
  }
  return hosts;
}

bool is_local_host(std::string_view host, std::span<const std::string> local) {
  if (const auto address = parse_address(host)) {
    if (is_loopback_or_any(*address))
      return true;
    return std::ranges::any_of(local, [&](const auto& each) {
      const auto other = parse_address(each);
      return other && same(*address, *other);
    });
  }
  return same_name(host, "localhost")
         || std::ranges::any_of(
             local, [&](const auto& each) { return same_name(host, each); });
}

std::vector<std::string> local_nodes(const config::cluster_options& cluster,
                                     std::span<const std::string> local) {
  std::vector<std::string> names;
  for (const auto& node : cluster.nodes)
    if (is_local_host(node.listen.host, local))
      names.push_back(node.name);
  return names;
}

} // namespace weft::launcher

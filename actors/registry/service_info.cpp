#include "actors/registry/service_info.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace weft::actors {

namespace {

constexpr std::size_t parts_max = 64;
constexpr std::size_t label_bytes_max = 200;
constexpr std::size_t address_bytes_max = 1'000;
constexpr std::size_t word_bytes_max = 100;
constexpr std::int64_t lease_ms_min = 100;
constexpr std::int64_t lease_ms_max = 3'600'000;
constexpr std::string_view service_root = "service";

constexpr std::array<std::pair<service_kind, std::string_view>, 2> kinds{
    {{service_kind::space, "space"}, {service_kind::service, "service"}}};

constexpr std::array<std::pair<service_health, std::string_view>, 5> healths{
    {{service_health::starting, "starting"},
     {service_health::healthy, "healthy"},
     {service_health::degraded, "degraded"},
     {service_health::unhealthy, "unhealthy"},
     {service_health::stopping, "stopping"}}};

template <class Words, class Value>
std::string_view word_of(const Words& words, Value value) {
  for (const auto& [each, word] : words)
    if (each == value)
      return word;
  return "unknown";
}

template <class Value, class Words>
result<Value> value_of(const Words& words, std::string_view text) {
  std::vector<std::string_view> known;
  for (const auto& [value, word] : words) {
    if (word == text)
      return value;
    known.push_back(word);
  }
  return fail(errc::invalid_argument,
              fmt::format("expected one of {}, got \"{}\"",
                          fmt::join(known, ", "),
                          shortened(text, word_bytes_max)));
}

tl::unexpected<failure> unfit(std::string expected) {
  return fail(errc::invalid_argument, "expected " + std::move(expected));
}

result<void> check_length(const char* what, const std::string& text,
                          std::size_t bytes_max) {
  if (text.size() > bytes_max)
    return unfit(fmt::format("{} of at most {} bytes, got {}", what, bytes_max,
                             text.size()));
  return {};
}

result<void> check_labels(const std::map<std::string, std::string>& labels) {
  if (labels.size() > parts_max)
    return unfit(
        fmt::format("at most {} labels, got {}", parts_max, labels.size()));
  for (const auto& [label, value] : labels)
    if (!is_name(label) || value.size() > label_bytes_max)
      return unfit(fmt::format("labels with names of [A-Za-z0-9_.-] and values "
                               "of at most {} bytes, got \"{}\"",
                               label_bytes_max,
                               shortened(label, word_bytes_max)));
  return {};
}

result<void> check_capabilities(const std::vector<std::string>& capabilities) {
  if (capabilities.size() > parts_max)
    return unfit(fmt::format("at most {} capabilities, got {}", parts_max,
                             capabilities.size()));
  for (const auto& each : capabilities)
    if (!is_name(each))
      return unfit(fmt::format("capabilities of [A-Za-z0-9_.-], got \"{}\"",
                               shortened(each, word_bytes_max)));
  return {};
}

} // namespace

std::string_view to_string(service_kind kind) noexcept {
  return kind == service_kind::none ? "actor" : word_of(kinds, kind);
}

std::string_view to_string(service_health health) noexcept {
  return word_of(healths, health);
}

result<service_kind> parse_service_kind(std::string_view text) {
  return value_of<service_kind>(kinds, text);
}

result<service_health> parse_service_health(std::string_view text) {
  return value_of<service_health>(healths, text);
}

result<void> check_service(const service_info& what) {
  if (what.kind != service_kind::space && what.kind != service_kind::service)
    return unfit("the kind space or service");
  if (what.lease_ms < lease_ms_min || what.lease_ms > lease_ms_max)
    return unfit(
        fmt::format("a lease of 100ms to 1h, got {} ms", what.lease_ms));
  for (const auto& checked :
       {check_length("an address", what.address, address_bytes_max),
        check_length("a backend", what.backend, word_bytes_max),
        check_length("a version", what.version, word_bytes_max),
        check_capabilities(what.capabilities), check_labels(what.labels)})
    if (!checked)
      return checked;
  return {};
}

std::string service_name(std::string_view tenant, std::string_view name_space,
                         std::string_view name) {
  return fmt::format("{}/{}/{}/{}", service_root, tenant, name_space, name);
}

std::string service_prefix(std::string_view tenant,
                           std::string_view name_space) {
  if (name_space.empty())
    return fmt::format("{}/{}/", service_root, tenant);
  return fmt::format("{}/{}/{}/", service_root, tenant, name_space);
}

service_key parse_service_name(std::string_view name) {
  const auto parts = split(name, '/');
  if (parts.size() != 4 || parts.front() != service_root)
    return {};
  return {parts[1], parts[2], parts[3]};
}

bool matches(const service_info& what, const service_filter& wanted) {
  const auto has_label = [&what](const auto& label) {
    const auto found = what.labels.find(label.first);
    return found != what.labels.end() && found->second == label.second;
  };
  const auto can = [&what](const std::string& capability) {
    return std::ranges::find(what.capabilities, capability)
           != what.capabilities.end();
  };
  return (wanted.kind == service_kind::none || wanted.kind == what.kind)
         && (wanted.backend.empty() || wanted.backend == what.backend)
         && (wanted.health.empty() || wanted.health.contains(what.health))
         && std::ranges::all_of(wanted.capabilities, can)
         && std::ranges::all_of(wanted.labels, has_label);
}

} // namespace weft::actors

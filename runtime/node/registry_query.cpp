#include "runtime/node/registry_query.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <functional>

namespace weft {

namespace {

using actors::discover_services;
using parser =
    std::function<result<void>(const std::string& text, discover_services&)>;

parser text_into(std::string discover_services::*member) {
  return [member](const std::string& text,
                  discover_services& query) -> result<void> {
    query.*member = text;
    return {};
  };
}

result<void> read_kind(const std::string& text, discover_services& query) {
  auto kind = actors::parse_service_kind(text);
  if (!kind)
    return pass_on(kind);
  query.wanted.kind = *kind;
  return {};
}

result<void> read_health(const std::string& text, discover_services& query) {
  for (const auto each : split(text, ',')) {
    auto health = actors::parse_service_health(each);
    if (!health)
      return pass_on(health);
    query.wanted.health.insert(*health);
  }
  return {};
}

result<void> read_capabilities(const std::string& text,
                               discover_services& query) {
  for (const auto each : split(text, ','))
    query.wanted.capabilities.emplace_back(each);
  return {};
}

result<void> read_labels(const std::string& text, discover_services& query) {
  for (const auto each : split(text, ',')) {
    const auto equals = each.find('=');
    if (equals == std::string_view::npos)
      return fail(errc::invalid_argument,
                  fmt::format("expected labels such as zone=eu, got \"{}\"",
                              shortened(each, 100)));
    query.wanted.labels[std::string{each.substr(0, equals)}] =
        each.substr(equals + 1);
  }
  return {};
}

result<void> read_limit(const std::string& text, discover_services& query) {
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, query.limit);
  if (read.ec != std::errc{} || read.ptr != end)
    return fail(errc::invalid_argument,
                fmt::format("expected a number of services, got \"{}\"",
                            shortened(text, 100)));
  return {};
}

const std::map<std::string, parser>& parsers() {
  static const std::map<std::string, parser> all{
      {"tenant", text_into(&discover_services::tenant)},
      {"namespace", text_into(&discover_services::name_space)},
      {"after", text_into(&discover_services::after)},
      {"backend",
       [](const std::string& text, discover_services& query) -> result<void> {
         query.wanted.backend = text;
         return {};
       }},
      {"kind", read_kind},
      {"health", read_health},
      {"capability", read_capabilities},
      {"label", read_labels},
      {"limit", read_limit}};
  return all;
}

} // namespace

result<discover_services>
parse_discovery(const std::map<std::string, std::string>& parameters) {
  discover_services query;
  query.tenant = "default";
  for (const auto& [name, text] : parameters) {
    const auto found = parsers().find(name);
    if (found == parsers().end())
      return fail(
          errc::invalid_argument,
          fmt::format("there is no parameter {}", shortened(name, 100)));
    if (auto read = found->second(text, query); !read)
      return pass_on(read);
  }
  return query;
}

nlohmann::json service_json(const actors::registration& what) {
  const auto key = actors::parse_service_name(what.name);
  const auto& service = what.service;
  return {{"tenant", key.tenant},
          {"namespace", key.name_space},
          {"name", key.name},
          {"kind", to_string(service.kind)},
          {"health", to_string(service.health)},
          {"address", service.address},
          {"backend", service.backend},
          {"capabilities", service.capabilities},
          {"labels", service.labels},
          {"version", service.version},
          {"lease_ms", service.lease_ms},
          {"node", what.node},
          {"revision", what.revision}};
}

nlohmann::json services_json(const actors::service_page& page) {
  auto list = nlohmann::json::array();
  for (const auto& each : page.found)
    list.push_back(service_json(each));
  nlohmann::json next;
  if (!page.next.empty())
    next = page.next;
  return {{"ok", true}, {"services", std::move(list)}, {"next", next}};
}

nlohmann::json names_json(const std::vector<actors::registration>& names) {
  auto list = nlohmann::json::array();
  for (const auto& each : names)
    list.push_back({{"name", each.name},
                    {"type", each.type},
                    {"node", each.node},
                    {"revision", each.revision}});
  return {{"ok", true}, {"names", std::move(list)}};
}

} // namespace weft

#include "apps/weft/registry_text.hpp"

#include "apps/weft/text_table.hpp"

#include <fmt/format.h>

#include <vector>

namespace weft::apps {

namespace {

/// Of a key that a node may leave out.
std::string cell(const nlohmann::json& row, const char* key) {
  const auto text = row.value(key, std::string{});
  return text.empty() ? "-" : text;
}

std::string labels_of(const nlohmann::json& service) {
  std::vector<std::string> labels;
  for (const auto& [label, value] : service["labels"].items())
    labels.push_back(fmt::format("{}={}", label, value.get<std::string>()));
  return labels.empty() ? "-" : fmt::format("{}", fmt::join(labels, ","));
}

} // namespace

std::string names_text(const nlohmann::json& answer) {
  std::vector<std::vector<std::string>> rows{{"NAME", "TYPE", "NODE"}};
  for (const auto& name : answer.at("names"))
    rows.push_back(
        {cell(name, "name"), cell(name, "type"), cell(name, "node")});
  return rows.size() == 1 ? "no names\n" : text_table(rows);
}

std::string services_text(const nlohmann::json& answer) {
  std::vector<std::vector<std::string>> rows{{"NAMESPACE", "NAME", "KIND",
                                              "HEALTH", "BACKEND", "ADDRESS",
                                              "VERSION", "LABELS"}};
  for (const auto& service : answer.at("services"))
    rows.push_back({cell(service, "namespace"), cell(service, "name"),
                    cell(service, "kind"), cell(service, "health"),
                    cell(service, "backend"), cell(service, "address"),
                    cell(service, "version"), labels_of(service)});
  if (rows.size() == 1)
    return "no spaces or services\n";
  const auto& next = answer.at("next");
  return text_table(rows)
         + (next.is_null()
                ? std::string{}
                : fmt::format("more: --after {}\n", next.get<std::string>()));
}

} // namespace weft::apps

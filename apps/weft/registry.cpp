#include "apps/weft/command.hpp"
#include "apps/weft/registry_text.hpp"
#include "apps/weft/running_cluster.hpp"

#include <fmt/format.h>

namespace weft::apps {

namespace {

/// What services are wanted, as options.
struct discovery_choice {
  std::string tenant = "default";
  std::string name_space;
  std::string kind;
  std::string backend;
  std::vector<std::string> capabilities;
  std::vector<std::string> labels;
  std::vector<std::string> health;
  std::string after;
  std::uint32_t limit = 100;
  bool json = false;
};

int list_names(const cluster_choice& choice, const std::string& prefix,
               bool json) {
  http::request request;
  request.path = "/api/v1/names";
  request.query["prefix"] = prefix;
  const auto answer = ask_cluster(choice, request);
  if (!answer)
    return report(answer.error(), json);
  if (json)
    print_json(*answer);
  else
    fmt::print("{}", names_text(*answer));
  return success;
}

int discover(const cluster_choice& cluster, const discovery_choice& choice) {
  http::request request;
  request.path = "/api/v1/services";
  const auto add = [&request](const char* name, const std::string& text) {
    if (!text.empty())
      request.query[name] = text;
  };
  add("tenant", choice.tenant);
  add("namespace", choice.name_space);
  add("kind", choice.kind);
  add("backend", choice.backend);
  add("capability", fmt::format("{}", fmt::join(choice.capabilities, ",")));
  add("label", fmt::format("{}", fmt::join(choice.labels, ",")));
  add("health", fmt::format("{}", fmt::join(choice.health, ",")));
  add("after", choice.after);
  add("limit", std::to_string(choice.limit));
  const auto answer = ask_cluster(cluster, request);
  if (!answer)
    return report(answer.error(), choice.json);
  if (choice.json)
    print_json(*answer);
  else
    fmt::print("{}", services_text(*answer));
  return success;
}

void add_list(CLI::App& parent, int& exit) {
  auto* command = parent.add_subcommand(
      "list", "List the names that actors are registered under");
  auto choice = add_cluster_choice(*command);
  auto prefix = std::make_shared<std::string>();
  command->add_option("--prefix", *prefix, "Only names that start so");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "One JSON object");
  command->footer("Example: weft registry list --prefix hello/");
  run_when_chosen(*command, exit, [choice, prefix, json] {
    return list_names(*choice, *prefix, *json);
  });
}

void add_filters(CLI::App& command, discovery_choice& choice) {
  command.add_option("--namespace", choice.name_space,
                     "Only of this namespace");
  command.add_option("--kind", choice.kind, "space or service");
  command.add_option("--backend", choice.backend,
                     "Only spaces with this backend");
  command
      .add_option("--capability", choice.capabilities,
                  "Only what can do this; repeated: all of them")
      ->delimiter(',');
  command
      .add_option("--label", choice.labels,
                  "Only with this label, as zone=eu; repeated: all of them")
      ->delimiter(',');
  command
      .add_option("--health", choice.health,
                  "starting, healthy, degraded, unhealthy or stopping; "
                  "repeated: any of them")
      ->delimiter(',');
}

void add_discover(CLI::App& parent, int& exit) {
  auto* command = parent.add_subcommand(
      "discover", "Show the spaces and services of a tenant");
  auto cluster = add_cluster_choice(*command);
  auto choice = std::make_shared<discovery_choice>();
  command->add_option("--tenant", choice->tenant, "Whose they are")
      ->capture_default_str();
  add_filters(*command, *choice);
  command->add_option("--limit", choice->limit, "At most so many")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--after", choice->after,
                      "Those after this name, which the page before ends with");
  command->add_flag("--json", choice->json, "One JSON object");
  command->footer("Example: weft registry discover --kind space --health "
                  "healthy");
  run_when_chosen(*command, exit,
                  [cluster, choice] { return discover(*cluster, *choice); });
}

} // namespace

void add_registry(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "registry", "Find actors, spaces and services of a running cluster");
  command->require_subcommand(1);
  command->footer("Example: weft registry discover --kind space");
  add_list(*command, exit);
  add_discover(*command, exit);
}

} // namespace weft::apps

#include "apps/weft/command.hpp"
#include "apps/weft/running_cluster.hpp"
#include "apps/weft/text_table.hpp"
#include "runtime/base/json_text.hpp"

#include <fmt/core.h>

namespace weft::apps {

namespace {

std::string text_or_dash(const nlohmann::json& node, const char* key) {
  const auto found = node.find(key);
  if (found == node.end() || found->is_null())
    return "-";
  return found->is_string() ? found->get<std::string>() : json_text(*found);
}

std::string uptime_of(const nlohmann::json& node) {
  const auto found = node.find("uptime_ms");
  if (found == node.end() || !found->is_number())
    return "-";
  return elapsed_text(found->get<double>() / 1000);
}

/// A node that is not there has told no port.
void clear_unknown_addresses(nlohmann::json& status) {
  for (auto& node : status["nodes"])
    for (const auto* key : {"listen", "http"}) {
      const auto found = node.find(key);
      if (found != node.end() && found->is_string()
          && found->get_ref<const std::string&>().ends_with(":0"))
        *found = nullptr;
    }
}

void print_status(const nlohmann::json& status) {
  fmt::print("cluster {}, seen by {}\n",
             status.value("cluster", std::string{"?"}),
             status.value("seen_by", std::string{"?"}));
  std::vector<std::vector<std::string>> rows{{"NODE", "STATE", "PID", "LISTEN",
                                              "HTTP", "UPTIME", "RESTARTS",
                                              "ACTORS", "REASON"}};
  for (const auto& node : status["nodes"])
    rows.push_back({text_or_dash(node, "name"), text_or_dash(node, "state"),
                    text_or_dash(node, "pid"), text_or_dash(node, "listen"),
                    text_or_dash(node, "http"), uptime_of(node),
                    text_or_dash(node, "restarts"),
                    text_or_dash(node, "actors"),
                    node.value("reason", std::string{})});
  fmt::print("{}", text_table(rows));
}

int show_status(const cluster_choice& choice, bool json) {
  http::request request;
  request.path = "/api/v1/status";
  auto answer = ask_cluster(choice, request);
  if (!answer)
    return report(answer.error(), json);
  clear_unknown_addresses(*answer);
  if (json)
    print_json(*answer);
  else
    print_status(*answer);
  return success;
}

} // namespace

void add_status(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "status", "Show the nodes of a running cluster and their health");
  auto choice = add_cluster_choice(*command);
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "One JSON object");
  command->footer("Example: weft status --node n3");
  run_when_chosen(*command, exit,
                  [choice, json] { return show_status(*choice, *json); });
}

} // namespace weft::apps

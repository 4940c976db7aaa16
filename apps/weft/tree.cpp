#include "apps/weft/command.hpp"
#include "apps/weft/running_cluster.hpp"
#include "apps/weft/tree_text.hpp"

#include <fmt/core.h>

namespace weft::apps {

namespace {

int show_tree(const cluster_choice& choice, bool json) {
  http::request request;
  request.path = "/api/v1/tree";
  if (choice.node.empty())
    request.query["nodes"] = "all";
  const auto answer = ask_cluster(choice, request);
  if (!answer)
    return report(answer.error(), json);
  if (json) {
    print_json(*answer);
    return success;
  }
  for (const auto& tree : (*answer)["trees"])
    fmt::print("{}", tree_text(tree));
  return success;
}

} // namespace

void add_tree(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "tree", "Draw the supervision tree of every node of a running cluster");
  auto choice = add_cluster_choice(*command);
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "One JSON object");
  command->footer("Example: weft tree --node n2");
  run_when_chosen(*command, exit,
                  [choice, json] { return show_tree(*choice, *json); });
}

} // namespace weft::apps

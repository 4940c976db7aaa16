#include "apps/weft/command.hpp"
#include "apps/weft/running_cluster.hpp"

#include <fmt/core.h>

namespace weft::apps {

namespace {

int kill_actor(const cluster_choice& choice, const std::string& path,
               bool json) {
  http::request request;
  request.verb = http::method::post;
  request.path = "/api/v1/kill";
  request.query["path"] = path;
  const auto run = find_running(choice);
  if (!run)
    return report(run.error(), json);
  const auto answer = ask_node(*run, choice.node, request, answer_timeout);
  if (!answer)
    return report(answer.error(), json);
  if (json)
    print_json(*answer);
  else
    fmt::print("killed {}; its supervisor decides what comes next: weft tree "
               "{}\n",
               path, choosing_arguments(*run));
  return success;
}

} // namespace

void add_kill(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "kill", "Kill one actor, or a node, by its path in the supervision tree");
  auto path = std::make_shared<std::string>();
  command
      ->add_option("PATH", *path,
                   "NODE/SUPERVISOR/ACTOR, as `weft tree` "
                   "shows it")
      ->required();
  auto choice = add_cluster_choice(*command);
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "One JSON object");
  command->footer("Example: weft kill n2/hello/greeter-2\n"
                  "The node n3: weft kill n1/cluster/n3");
  run_when_chosen(*command, exit, [choice, path, json] {
    return kill_actor(*choice, *path, *json);
  });
}

} // namespace weft::apps

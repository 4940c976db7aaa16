#include "apps/byzantine/actors/run.hpp"
#include "apps/byzantine/command/flags.hpp"
#include "apps/byzantine/command/report.hpp"
#include "apps/weft/command.hpp"
#include "runtime/base/text.hpp"

#include <fmt/core.h>

#include <memory>
#include <string>

namespace weft::apps {

namespace {

constexpr const char* byzantine_footer =
    "General 0 commands. Conditions: IC1, all loyal lieutenants decide alike; "
    "IC2, they obey\na loyal commander. Exit code 1 when one of them is "
    "broken.\n\n"
    "Strategies of traitors: random, split (by the recipient's number), "
    "silent, collude,\nlast-round (loyal up to there), forge (sm: signatures "
    "that are invented or replayed).\n\n"
    "Examples:\n"
    "  weft byzantine --generals 7 --traitors 2,5 --strategy collude\n"
    "  weft byzantine --generals 3 --search\n"
    "  weft byzantine --generals 3 --traitors 1 --algorithm sm --strategy "
    "forge\n"
    "  weft run config/examples/byzantine.yaml";

struct byzantine_choice {
  byzantine::flags asked;
  std::string deadline = format_duration(byzantine::flags{}.deadline);
  bool json = false;
};

template <class Found>
void show_found(const byzantine::plan& what, const Found& found, bool json) {
  if (json)
    print_json(byzantine::to_json(what, found));
  else
    fmt::print("{}", byzantine::to_text(what, found));
}

int search_violation(const byzantine::plan& what, bool json) {
  const auto found = byzantine::search(what, byzantine::search_runs_max);
  if (!found)
    return report(found.error(), json);
  show_found(what, *found, json);
  return success;
}

int run_generals(byzantine_choice& choice) {
  const auto deadline = parse_duration(choice.deadline);
  if (!deadline)
    return report(
        {deadline.error().code, "--deadline: " + deadline.error().message},
        choice.json);
  choice.asked.deadline = *deadline;
  const auto what = byzantine::plan_of(choice.asked);
  if (!what)
    return report({errc::invalid_argument, what.error().message}, choice.json);
  if (choice.asked.search)
    return search_violation(*what, choice.json);
  const auto came = byzantine::run_here(*what, *deadline);
  if (!came)
    return report_work(came.error(), choice.json);
  show_found(*what, *came, choice.json);
  return came->how.holds() ? success : work_failed;
}

void add_byzantine_flags(CLI::App& command, byzantine_choice& choice) {
  auto& asked = choice.asked;
  command
      .add_option("--generals", asked.generals, "How many, the commander too")
      ->capture_default_str();
  command.add_option("--traitors", asked.traitors, "Their numbers, e.g. 1,3")
      ->delimiter(',');
  command
      .add_option("--algorithm", asked.algorithm,
                  "om: oral messages; sm: signed ones")
      ->capture_default_str();
  command.add_option("--m", asked.m,
                     "Traitors to withstand, in m + 1 rounds; absent: as "
                     "many as there are, at least 1");
  command
      .add_option("--order", asked.order,
                  "What the commander orders: attack or retreat")
      ->capture_default_str();
  command.add_option("--strategy", asked.strategy, "What traitors do")
      ->capture_default_str();
  command.add_option("--seed", asked.seed, "Of their random lies")
      ->capture_default_str();
  command
      .add_option("--deadline", choice.deadline,
                  "Of a round; what has not come by then is missing")
      ->capture_default_str();
  command.add_flag("--search", asked.search,
                   "Look for traitors and lies that break OM(m), whoever "
                   "--traitors, --order and --strategy name");
  command.add_flag("--json", choice.json, "One JSON object");
}

} // namespace

void add_byzantine(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "byzantine", "Byzantine generals: agree in spite of traitors, by oral "
                   "or signed messages");
  auto choice = std::make_shared<byzantine_choice>();
  add_byzantine_flags(*command, *choice);
  command->footer(byzantine_footer);
  run_when_chosen(*command, exit, [choice] { return run_generals(*choice); });
}

} // namespace weft::apps

#include "apps/bench/actors/ping_pong_nodes.hpp"
#include "apps/bench/compare.hpp"
#include "apps/bench/numbers.hpp"
#include "apps/bench/spaces/redis_load.hpp"
#include "apps/bench/spaces/remote_space.hpp"
#include "apps/weft/command.hpp"
#include "apps/weft/progress_bar.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <memory>

namespace weft::apps {

namespace {

struct bench_choice {
  const bench::subject* subject = nullptr;
  bench::compare_options options;
  bool no_peers = false;
  bool json = false;
};

int compare(bench_choice& choice) {
  progress_bar bar{false};
  choice.options.peers = !choice.no_peers;
  choice.options.progress = [&bar](std::string_view text) { bar.show(text); };
  const auto report = bench::compare(*choice.subject, choice.options);
  bar.clear();
  if (!report)
    return apps::report(report.error(), choice.json);
  if (choice.json)
    print_json(to_json(*report));
  else
    fmt::print("{}", to_text(*report));
  return success;
}

std::string peer_titles(const bench::subject& of) {
  std::string titles;
  for (const auto& peer : of.peers)
    titles += fmt::format("{}{}", titles.empty() ? "" : " and ", peer.title);
  return titles;
}

void add_subject(CLI::App& bench, const bench::subject& what, int& exit) {
  auto* command = bench.add_subcommand(std::string{what.name},
                                       std::string{what.description});
  auto choice = std::make_shared<bench_choice>();
  choice->subject = &what;
  choice->options.runs = what.runs;
  command->add_option("--runs", choice->options.runs, "Runs of each figure")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  const auto first = what.experiments.front().name;
  command->add_option(
      "--only", choice->options.only,
      fmt::format("Experiments to do, e.g. {}; all without it", first));
  command->add_flag("--smoke", choice->options.smoke,
                    "Everything tiny: shows that it works, not how fast");
  command->add_flag(
      "--no-peers", choice->no_peers,
      fmt::format("Do not run {} in turn with weft", peer_titles(what)));
  command->add_flag("--json", choice->json, "One JSON object");
  command->footer(fmt::format("Takes {}; other programs disturb it.\n"
                              "Example: weft bench {} --only {} --runs 15",
                              what.duration, what.name, first));
  run_when_chosen(*command, exit, [choice] { return compare(*choice); });
}

/// What a process of a benchmark is told.
struct measure_choice {
  std::string experiment;
  bench::run_settings how;
};

int print_numbers(const bench::run_numbers& numbers) {
  if (!numbers)
    return report(numbers.error(), false);
  fmt::print("{}\n", bench::format_numbers(*numbers));
  return success;
}

int measure_weft(const measure_choice& choice) {
  const auto* what = bench::find_experiment(choice.experiment);
  if (what == nullptr)
    return report(
        {errc::invalid_argument, "there is no experiment " + choice.experiment},
        false);
  return print_numbers(what->measure(*what, choice.how));
}

void add_certificates(CLI::App& command, bench::certificates& to) {
  command.add_option("--certificates", to,
                     "Folder with both nodes' certificates; absent: plain "
                     "TCP on loopback");
}

void add_measuring(CLI::App& bench, int& exit, const std::string& name,
                   const std::string& description,
                   int (*measure)(const measure_choice&)) {
  auto* command = bench.add_subcommand(name, description);
  command->group("");
  auto choice = std::make_shared<measure_choice>();
  command->add_option("EXPERIMENT", choice->experiment)->required();
  command->add_option("--count", choice->how.size.count)
      ->required()
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10'000'000}));
  command->add_flag("--smoke", choice->how.size.smoke);
  command->add_option("--port", choice->how.port, "Of the other process");
  add_certificates(*command, choice->how.proof);
  run_when_chosen(*command, exit,
                  [choice, measure] { return measure(*choice); });
}

using serve_function = result<void> (*)(const bench::certificates&,
                                        const bench::ready_callback&);

void add_serving(CLI::App& bench, int& exit, const std::string& name,
                 const std::string& description, serve_function serve) {
  auto* command = bench.add_subcommand(name, description);
  command->group("");
  auto proof = std::make_shared<bench::certificates>();
  add_certificates(*command, *proof);
  run_when_chosen(*command, exit, [proof, serve] {
    const auto served = serve(*proof, [](std::uint16_t port) {
      fmt::print("port {}\n", port);
      std::fflush(stdout);
    });
    return served ? success : report(served.error(), false);
  });
}

/// The processes of a benchmark are this program too; not for people.
void add_processes(CLI::App& bench, int& exit) {
  add_measuring(bench, exit, "measure", "One run of one experiment",
                measure_weft);
  add_measuring(bench, exit, "redis", "One run of one experiment with Redis",
                [](const measure_choice& choice) {
                  return print_numbers(
                      bench::measure_redis(choice.experiment, choice.how));
                });
  add_serving(bench, exit, "echo", "Answers requests", bench::serve_echo);
  add_serving(bench, exit, "shard", "Holds a tuple space", bench::serve_shard);
}

} // namespace

void add_bench(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "bench", "Measure weft, and its peers where they are installed");
  command->require_subcommand(1);
  command->footer("Example: weft bench actors");
  for (const auto* each : bench::subjects())
    add_subject(*command, *each, exit);
  add_processes(*command, exit);
}

} // namespace weft::apps

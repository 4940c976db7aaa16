#include "apps/bench/actors.hpp"
#include "apps/bench/numbers.hpp"
#include "apps/weft/command.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <memory>
#include <unistd.h>

namespace weft::apps {

namespace {

struct bench_choice {
  bench::actors_options options;
  bool no_peers = false;
  bool json = false;
};

int compare_actors(bench_choice& choice) {
  choice.options.peers = !choice.no_peers;
  if (isatty(STDERR_FILENO) != 0)
    choice.options.progress = [](std::string_view text) {
      fmt::print(stderr, "\r\x1b[K{}", text);
      std::fflush(stderr);
    };
  const auto report = bench::bench_actors(choice.options);
  if (choice.options.progress)
    fmt::print(stderr, "\r\x1b[K");
  if (!report)
    return apps::report(report.error(), choice.json);
  if (choice.json)
    print_json(to_json(*report));
  else
    fmt::print("{}", to_text(*report));
  return success;
}

int print_measurement(const bench::measure_options& options) {
  const auto numbers = bench::measure(options);
  if (!numbers)
    return report(numbers.error(), false);
  fmt::print("{}\n", bench::format_numbers(*numbers));
  return success;
}

int serve_echo(const bench::certificates& proof) {
  const auto served = bench::serve_echo(proof, [](std::uint16_t port) {
    fmt::print("port {}\n", port);
    std::fflush(stdout);
  });
  return served ? success : report(served.error(), false);
}

void add_certificates(CLI::App& command, bench::certificates& to) {
  command.add_option("--certificates", to,
                     "Folder with both nodes' certificates; absent: plain "
                     "TCP on loopback");
}

void add_actors(CLI::App& bench, int& exit) {
  auto* command = bench.add_subcommand(
      "actors", "Messages, requests, spawning and supervised restarts, "
                "against Erlang/OTP where it is installed");
  auto choice = std::make_shared<bench_choice>();
  command->add_option("--runs", choice->options.runs, "Runs of each figure")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--only", choice->options.only,
                      "Experiments to do, e.g. ping_pong; all without it");
  command->add_flag("--smoke", choice->options.smoke,
                    "Everything tiny: shows that it works, not how fast");
  command->add_flag("--no-peers", choice->no_peers,
                    "Do not run Erlang/OTP in turn with weft");
  command->add_flag("--json", choice->json, "One JSON object");
  command->footer("Takes about three minutes; other programs disturb it.\n"
                  "Example: weft bench actors --runs 9");
  run_when_chosen(*command, exit, [choice] { return compare_actors(*choice); });
}

/// The processes of a benchmark are this program too; not for people.
void add_processes(CLI::App& bench, int& exit) {
  auto* asking = bench.add_subcommand("measure", "One run of one experiment");
  asking->group("");
  auto options = std::make_shared<bench::measure_options>();
  asking->add_option("EXPERIMENT", options->experiment)->required();
  asking->add_option("--count", options->count)
      ->required()
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10'000'000}));
  asking->add_option("--port", options->port, "Of the echoing process");
  add_certificates(*asking, options->proof);
  run_when_chosen(*asking, exit,
                  [options] { return print_measurement(*options); });

  auto* answering = bench.add_subcommand("echo", "Answers requests");
  answering->group("");
  auto proof = std::make_shared<bench::certificates>();
  add_certificates(*answering, *proof);
  run_when_chosen(*answering, exit, [proof] { return serve_echo(*proof); });
}

} // namespace

void add_bench(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "bench", "Measure weft, and its peers where they are installed");
  command->require_subcommand(1);
  command->footer("Example: weft bench actors");
  add_actors(*command, exit);
  add_processes(*command, exit);
}

} // namespace weft::apps

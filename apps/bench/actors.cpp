#include "apps/bench/actors.hpp"

#include "apps/bench/bench_system.hpp"
#include "apps/bench/children.hpp"
#include "apps/bench/commit.hpp"
#include "apps/bench/erlang_peer.hpp"
#include "apps/bench/numbers.hpp"
#include "apps/bench/temporary_folder.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace weft::bench {

namespace {

constexpr std::uint64_t runs_max = 1000;

/// Of one process: its own limit, its start and its end.
constexpr auto process_time_max = 2 * run_time_max;
constexpr std::chrono::seconds echo_start_max{20};

/// The program that runs, whatever it is called.
constexpr const char* this_program = "/proc/self/exe";

/// What `weft bench echo` prints when it listens.
constexpr std::string_view ready_word = "port ";

/// The runs of each figure of one experiment.
using series = std::vector<std::vector<double>>;

class actors_run {
public:
  actors_run(const actors_options& options, temporary_folder folder)
      : options_{options}, folder_{std::move(folder)} {}

  result<actors_report> run(const std::vector<const experiment*>& chosen);

private:
  result<void> prepare();
  result<void> compare(const experiment& what);
  result<void> run_once(const experiment& what, series& ours, series& theirs);
  result<std::vector<double>> measure_weft(const experiment& what);
  result<std::unique_ptr<child>> start_echo(const experiment& what,
                                            launcher::command& asking);
  std::uint64_t count_of(const experiment& what) const;
  void say(const std::string& text) const;

  const actors_options& options_;
  temporary_folder folder_;
  children children_;
  std::optional<erlang_peer> erlang_;
  actors_report report_;
};

std::uint64_t actors_run::count_of(const experiment& what) const {
  return options_.smoke ? what.smoke_count : what.count;
}

void actors_run::say(const std::string& text) const {
  if (options_.progress)
    options_.progress(text);
}

result<void> actors_run::prepare() {
  report_.machine = describe_machine();
  report_.weft_version = version();
  report_.commit = commit;
  report_.caf_version = caf_version();
  const bench_config config;
  report_.scheduler = {
      to_string(caf::get_or(config, "scheduler.policy", caf::atom(""))),
      caf::get_or(config, "scheduler.max-threads", std::size_t{0}),
      caf::get_or(config, "scheduler.max-throughput", std::size_t{0})};
  report_.runs = options_.runs;
  report_.smoke = options_.smoke;
  if (auto made = make_bench_certificates(folder_.path()); !made)
    return made;
  if (!options_.peers) {
    report_.advice = "Not compared with Erlang/OTP: --no-peers";
    return {};
  }
  auto found = erlang_peer::find(children_, folder_);
  if (!found)
    return pass_on(found);
  erlang_ = std::move(*found);
  if (erlang_)
    report_.erlang_version = erlang_->version();
  else
    report_.advice = erlang_advice;
  return {};
}

result<std::unique_ptr<child>>
actors_run::start_echo(const experiment& what, launcher::command& asking) {
  launcher::command answering{this_program, {"bench", "echo"}, {}};
  if (what.secure)
    for (auto* command : {&asking, &answering}) {
      command->arguments.push_back("--certificates");
      command->arguments.push_back(folder_.path());
    }
  auto echo = children_.start("the echoing process", answering);
  if (!echo)
    return echo;
  const auto& said = (*echo)->output();
  auto listening = children_.wait(
      **echo, echo_start_max, [&said] { return said.find('\n') != said.npos; });
  if (!listening)
    return pass_on(listening);
  const auto line = split(said, '\n').front();
  if (line.substr(0, ready_word.size()) != ready_word)
    return fail(
        errc::internal,
        fmt::format("the echoing process: expected its port, got \"{}\"",
                    line.substr(0, 200)));
  asking.arguments.push_back("--port");
  asking.arguments.emplace_back(line.substr(ready_word.size()));
  return echo;
}

result<std::vector<double>> actors_run::measure_weft(const experiment& what) {
  launcher::command asking{this_program,
                           {"bench", "measure", std::string{what.name},
                            "--count", std::to_string(count_of(what))},
                           {}};
  // Ends with this function.
  std::unique_ptr<child> echo;
  if (what.echo) {
    auto started = start_echo(what, asking);
    if (!started)
      return pass_on(started);
    echo = std::move(*started);
  }
  auto output = children_.run(std::string{what.name}, asking, process_time_max);
  if (!output)
    return pass_on(output);
  return parse_numbers(*output, what.figures.size());
}

/// Appends one number to the series of each figure.
void append(series& to, const std::vector<double>& numbers) {
  to.resize(numbers.size());
  for (std::size_t index = 0; index < numbers.size(); ++index)
    to[index].push_back(numbers[index]);
}

result<void> actors_run::run_once(const experiment& what, series& ours,
                                  series& theirs) {
  auto numbers = measure_weft(what);
  if (!numbers)
    return pass_on(numbers);
  append(ours, *numbers);
  if (!erlang_ || !what.has_peer)
    return {};
  numbers = erlang_->run(children_, what, count_of(what), process_time_max);
  if (!numbers)
    return pass_on(numbers);
  append(theirs, *numbers);
  return {};
}

result<void> actors_run::compare(const experiment& what) {
  series ours;
  series theirs;
  for (std::uint64_t run = 0; run <= options_.runs; ++run) {
    say(run == 0
            ? fmt::format("{}: warm-up", what.name)
            : fmt::format("{}: run {} of {}", what.name, run, options_.runs));
    if (auto done = run_once(what, ours, theirs); !done)
      return done;
    if (run == 0) {
      ours.clear();
      theirs.clear();
    }
  }
  for (std::size_t index = 0; index < what.figures.size(); ++index) {
    auto& compared = report_.figures.emplace_back();
    compared.what = &what.figures[index];
    auto weft = summarize(ours.at(index));
    if (!weft)
      return pass_on(weft);
    compared.weft = std::move(*weft);
    if (theirs.empty())
      continue;
    auto erlang = summarize(theirs.at(index));
    if (!erlang)
      return pass_on(erlang);
    compared.erlang = std::move(*erlang);
  }
  return {};
}

result<actors_report>
actors_run::run(const std::vector<const experiment*>& chosen) {
  const auto begun = std::chrono::steady_clock::now();
  if (auto ready = prepare(); !ready)
    return pass_on(ready);
  for (const auto* what : chosen)
    if (auto done = compare(*what); !done)
      return fail(done.error().code,
                  fmt::format("{}: {}", what->name, done.error().message));
  const std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - begun;
  report_.seconds = taken.count();
  return std::move(report_);
}

result<std::vector<const experiment*>>
choose(const std::vector<std::string>& only) {
  std::vector<std::string> names;
  for (const auto& each : experiments())
    names.emplace_back(each.name);
  for (const auto& name : only)
    if (find_experiment(name) == nullptr) {
      const auto near = nearest_spelling(name, names);
      return fail(errc::invalid_argument,
                  fmt::format("--only: expected one of {}, got {}{}",
                              fmt::join(names, ", "), name,
                              near ? "; did you mean " + *near + "?" : ""));
    }
  std::vector<const experiment*> chosen;
  for (const auto& each : experiments())
    if (only.empty() || std::count(only.begin(), only.end(), each.name) > 0)
      chosen.push_back(&each);
  return chosen;
}

} // namespace

result<actors_report> bench_actors(const actors_options& options) {
  if (options.runs < 1 || options.runs > runs_max)
    return fail(errc::invalid_argument,
                fmt::format("--runs: expected 1 to {}, got {}", runs_max,
                            options.runs));
  const auto chosen = choose(options.only);
  if (!chosen)
    return tl::unexpected(chosen.error());
  auto folder = temporary_folder::make();
  if (!folder)
    return pass_on(folder);
  return actors_run{options, std::move(*folder)}.run(*chosen);
}

} // namespace weft::bench

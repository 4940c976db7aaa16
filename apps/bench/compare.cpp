#include "apps/bench/compare.hpp"

#include "apps/bench/bench_system.hpp"
#include "apps/bench/children.hpp"
#include "apps/bench/commit.hpp"
#include "apps/bench/numbers.hpp"
#include "apps/bench/programs.hpp"
#include "apps/bench/temporary_folder.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::bench {

namespace {

constexpr std::uint64_t runs_max = 1000;
constexpr std::chrono::seconds companion_start_max{20};

/// What a second process prints when it listens.
constexpr std::string_view ready_word = "port ";

/// The runs of each number of one experiment.
using series = std::vector<std::vector<double>>;

struct installed_peer {
  const peer_kind* kind = nullptr;
  std::unique_ptr<peer> here;
};

/// Weft, or one peer, at one experiment.
struct contestant {
  /// Null: weft.
  installed_peer* other = nullptr;
  series runs;
};

class comparison {
public:
  comparison(const subject& what, const compare_options& options,
             temporary_folder folder)
      : subject_{what}, options_{options}, folder_{std::move(folder)} {}

  result<report> run(const std::vector<const experiment*>& chosen);

private:
  result<void> prepare();
  result<void> find_peers();
  result<void> compare_at(const experiment& what);
  std::vector<contestant> contestants_of(const experiment& what);
  result<void> run_all(const experiment& what, std::vector<contestant>& all);
  result<void> summarize_all(const experiment& what,
                             const std::vector<contestant>& all);
  run_numbers run_one(const experiment& what, const installed_peer* other);
  run_numbers measure_weft(const experiment& what);
  result<std::unique_ptr<child>> start_companion(const experiment& what,
                                                 launcher::command& asking);
  run_size size_of(const experiment& what) const;
  void say(const std::string& text) const;

  const subject& subject_;
  const compare_options& options_;
  temporary_folder folder_;
  children children_;
  std::vector<installed_peer> peers_;
  report report_;
};

run_size comparison::size_of(const experiment& what) const {
  return {options_.smoke ? what.smoke_count : what.count, options_.smoke};
}

void comparison::say(const std::string& text) const {
  if (options_.progress)
    options_.progress(text);
}

scheduler_settings scheduler_of(const subject& what) {
  const bench_config config;
  const auto threads =
      caf::get_or(config, "scheduler.max-threads", std::size_t{0});
  return {scheduler_policy(config), what.threads > 0 ? what.threads : threads,
          caf::get_or(config, "scheduler.max-throughput", std::size_t{0})};
}

result<void> comparison::prepare() {
  report_.of = &subject_;
  report_.machine = describe_machine();
  report_.weft_version = version();
  report_.commit = commit;
  report_.caf_version = caf_version();
  report_.scheduler = scheduler_of(subject_);
  report_.runs = options_.runs;
  report_.smoke = options_.smoke;
  if (auto made = make_bench_certificates(folder_.path()); !made)
    return made;
  return find_peers();
}

result<void> comparison::find_peers() {
  for (const auto& kind : subject_.peers) {
    auto& known = report_.peers.emplace_back();
    known.kind = &kind;
    if (!options_.peers) {
      known.advice =
          fmt::format("Not compared with {}: --no-peers", kind.title);
      continue;
    }
    say(fmt::format("looking for {}", kind.title));
    auto search = kind.find(children_, folder_);
    if (!search)
      return pass_on(search);
    if (!search->found) {
      known.advice = std::move(search->advice);
      continue;
    }
    known.version = search->found->version();
    peers_.push_back({&kind, std::move(search->found)});
  }
  return {};
}

result<std::unique_ptr<child>>
comparison::start_companion(const experiment& what, launcher::command& asking) {
  launcher::command answering{
      this_program, {"bench", std::string{what.companion}}, {}};
  if (what.secure)
    for (auto* command : {&asking, &answering}) {
      command->arguments.push_back("--certificates");
      command->arguments.push_back(folder_.path());
    }
  const auto name = fmt::format("the second process ({})", what.companion);
  auto companion = children_.start(name, answering);
  if (!companion)
    return companion;
  const auto& said = (*companion)->output();
  auto listening = children_.wait(**companion, companion_start_max, [&said] {
    return said.find('\n') != said.npos;
  });
  if (!listening)
    return pass_on(listening);
  const auto line = split(said, '\n').front();
  if (line.substr(0, ready_word.size()) != ready_word)
    return fail(errc::internal, fmt::format("{}: expected its port, got \"{}\"",
                                            name, line.substr(0, 200)));
  asking.arguments.push_back("--port");
  asking.arguments.emplace_back(line.substr(ready_word.size()));
  return companion;
}

run_numbers comparison::measure_weft(const experiment& what) {
  const auto size = size_of(what);
  launcher::command asking{this_program,
                           {"bench", "measure", std::string{what.name},
                            "--count", std::to_string(size.count)},
                           {}};
  if (size.smoke)
    asking.arguments.push_back("--smoke");
  // Ends with this function.
  std::unique_ptr<child> companion;
  if (!what.companion.empty()) {
    auto started = start_companion(what, asking);
    if (!started)
      return pass_on(started);
    companion = std::move(*started);
  }
  auto output = children_.run(std::string{what.name}, asking, process_time_max);
  if (!output)
    return pass_on(output);
  return parse_numbers(*output, numbers_of(what));
}

run_numbers comparison::run_one(const experiment& what,
                                const installed_peer* other) {
  auto numbers =
      other ? other->here->run(what, size_of(what)) : measure_weft(what);
  if (!numbers && other)
    return fail(numbers.error().code, fmt::format("{}: {}", other->kind->title,
                                                  numbers.error().message));
  return numbers;
}

std::vector<contestant> comparison::contestants_of(const experiment& what) {
  std::vector<contestant> all(1);
  for (auto& other : peers_)
    if (std::ranges::count(what.peers, other.kind->key) > 0)
      all.push_back({&other, {}});
  return all;
}

/// Appends one number to the runs of each.
void append(series& to, const std::vector<double>& numbers) {
  to.resize(numbers.size());
  for (std::size_t index = 0; index < numbers.size(); ++index)
    to[index].push_back(numbers[index]);
}

result<void> comparison::run_all(const experiment& what,
                                 std::vector<contestant>& all) {
  for (std::uint64_t run = 0; run <= options_.runs; ++run)
    for (auto& each : all) {
      say(fmt::format("{}, {}: {}", what.name,
                      each.other ? each.other->kind->title : "weft",
                      run == 0
                          ? "warm-up"
                          : fmt::format("run {} of {}", run, options_.runs)));
      const auto numbers = run_one(what, each.other);
      if (!numbers)
        return tl::unexpected(numbers.error());
      if (run > 0)
        append(each.runs, *numbers);
    }
  return {};
}

/// All runs of all must have computed the same.
result<void> check_results(const experiment& what,
                           const std::vector<contestant>& all) {
  const auto at = what.figures.size();
  const auto expected = all.front().runs.at(at).front();
  for (const auto& each : all)
    for (const auto got : each.runs.at(at))
      if (got != expected)
        return fail(errc::internal,
                    fmt::format("the results differ: weft {}, {} {}", expected,
                                each.other ? each.other->kind->title
                                           : "weft in another run",
                                got));
  return {};
}

result<void> comparison::summarize_all(const experiment& what,
                                       const std::vector<contestant>& all) {
  for (std::size_t index = 0; index < what.figures.size(); ++index) {
    auto& compared = report_.figures.emplace_back();
    compared.what = &what.figures[index];
    for (const auto& each : all) {
      auto numbers = summarize(each.runs.at(index));
      if (!numbers)
        return pass_on(numbers);
      if (each.other)
        compared.peers.push_back({each.other->kind, std::move(*numbers)});
      else
        compared.weft = std::move(*numbers);
    }
  }
  return {};
}

result<void> comparison::compare_at(const experiment& what) {
  auto all = contestants_of(what);
  if (auto done = run_all(what, all); !done)
    return done;
  if (what.has_result)
    if (auto same = check_results(what, all); !same)
      return same;
  return summarize_all(what, all);
}

result<report> comparison::run(const std::vector<const experiment*>& chosen) {
  const auto begun = std::chrono::steady_clock::now();
  if (auto ready = prepare(); !ready)
    return pass_on(ready);
  for (const auto* what : chosen)
    if (auto done = compare_at(*what); !done)
      return fail(done.error().code,
                  fmt::format("{}: {}", what->name, done.error().message));
  const std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - begun;
  report_.seconds = taken.count();
  return std::move(report_);
}

result<std::vector<const experiment*>>
choose(const subject& from, const std::vector<std::string>& only) {
  std::vector<std::string> names;
  for (const auto& each : from.experiments)
    names.emplace_back(each.name);
  for (const auto& name : only)
    if (std::ranges::count(names, name) == 0) {
      const auto near = nearest_spelling(name, names);
      return fail(errc::invalid_argument,
                  fmt::format("--only: expected one of {}, got {}{}",
                              fmt::join(names, ", "), name,
                              near ? "; did you mean " + *near + "?" : ""));
    }
  std::vector<const experiment*> chosen;
  for (const auto& each : from.experiments)
    if (only.empty() || std::ranges::count(only, each.name) > 0)
      chosen.push_back(&each);
  return chosen;
}

} // namespace

result<report> compare(const subject& what, const compare_options& options) {
  if (options.runs < 1 || options.runs > runs_max)
    return fail(errc::invalid_argument,
                fmt::format("--runs: expected 1 to {}, got {}", runs_max,
                            options.runs));
  const auto chosen = choose(what, options.only);
  if (!chosen)
    return tl::unexpected(chosen.error());
  auto folder = temporary_folder::make();
  if (!folder)
    return pass_on(folder);
  return comparison{what, options, std::move(*folder)}.run(*chosen);
}

} // namespace weft::bench

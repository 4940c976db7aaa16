#include "apps/weft/command.hpp"
#include "apps/weft/signals.hpp"
#include "apps/weft/space_calls.hpp"
#include "apps/weft/space_text.hpp"
#include "runtime/base/text.hpp"
#include "spaces/text.hpp"

#include <fmt/core.h>

#include <atomic>
#include <cstdio>
#include <filesystem>

namespace weft::apps {

namespace {

using std::chrono::milliseconds;

/// All that the operations take.
struct space_choice {
  cluster_choice cluster;
  std::string tenant = "default";
  std::string space;
  bool json = false;
  std::vector<std::string> written;
  std::string timeout = "0s";
  std::string lease;
  bool all = false;
  std::size_t limit = 0;
  std::size_t seconds = 2;
  std::size_t batch = 100;
  /// Of a move or copy.
  std::string target;
  /// Of a snapshot.
  std::string path;
  bool add = false;
};

using shared_choice = std::shared_ptr<space_choice>;
using space_work = std::function<int(const space_choice&, const space_target&)>;

/// Of an option that was checked.
milliseconds time_of(const std::string& text) {
  return std::chrono::ceil<milliseconds>(
      parse_duration(text).value_or(std::chrono::nanoseconds::zero()));
}

/// A check of an option: a time up to `max`, and not 0 if `positive`.
std::function<std::string(const std::string&)> is_time(spaces::duration max,
                                                       bool positive) {
  return [=](const std::string& text) -> std::string {
    const auto time = parse_duration(text);
    if (!time)
      return time.error().message;
    if (*time < spaces::duration::zero() || *time > max
        || (positive && *time == spaces::duration::zero()))
      return fmt::format("expected {} to {}, got {}",
                         positive ? "above 0" : "0", format_duration(max),
                         text);
    return {};
  };
}

/// The pattern that was written, or that of all tuples.
std::string pattern_of(const space_choice& choice) {
  return choice.written.empty() ? "[...]" : choice.written.front();
}

template <class Parsed>
int refuse(const space_choice& choice, const char* what,
           const std::string& text, const Parsed& parsed) {
  if (choice.json)
    return report(parsed.error(), true);
  fmt::print(stderr, "weft: {}: {}", what, mistake_text(text, parsed.error()));
  return bad_usage;
}

/// Finds the mistakes before anybody is asked.
int check_tuples(const space_choice& choice) {
  for (const auto& text : choice.written)
    if (const auto parsed = spaces::parse_tuple(text); !parsed)
      return refuse(choice, "tuple", text, parsed);
  return success;
}

int check_pattern(const space_choice& choice) {
  const auto text = pattern_of(choice);
  if (const auto parsed = spaces::parse_pattern(text); !parsed)
    return refuse(choice, "pattern", text, parsed);
  return success;
}

result<space_target> target_of(const space_choice& choice) {
  auto run = find_running(choice.cluster);
  if (!run)
    return tl::unexpected(run.error());
  return space_target{*std::move(run), choice.cluster.node, choice.tenant,
                      choice.space};
}

/// Prints an answer as it is, or by `show`.
int show_answer(const space_choice& choice, const result<nlohmann::json>& got,
                const std::function<void(const nlohmann::json&)>& show) {
  if (!got)
    return report(got.error(), choice.json);
  if (choice.json)
    print_json(*got);
  else
    show(*got);
  return success;
}

int show_tuples(const space_choice& choice, const result<nlohmann::json>& got) {
  if (got && got->value("tuples", nlohmann::json::array()).empty()) {
    if (time_of(choice.timeout) == milliseconds::zero())
      return report({errc::not_found, "no tuple matches"}, choice.json);
    return report({errc::timed_out,
                   fmt::format("no tuple matched within {}", choice.timeout)},
                  choice.json);
  }
  return show_answer(choice, got, [](const nlohmann::json& answer) {
    for (const auto& tuple : answer["tuples"])
      fmt::print("{}", tuple_line(tuple));
  });
}

int space_write(const space_choice& choice, const space_target& whom) {
  const auto lease =
      choice.lease.empty() ? milliseconds::zero() : time_of(choice.lease);
  return show_answer(
      choice, write_tuples(whom, choice.written, lease),
      [](const nlohmann::json& answer) {
        const auto count = answer.value("written", std::uint64_t{0});
        fmt::print("{} tuple{} written\n", count, count == 1 ? "" : "s");
      });
}

int space_read(const space_choice& choice, const space_target& whom) {
  const auto pattern = pattern_of(choice);
  if (choice.all)
    return show_tuples(
        choice, ask_space(whom, "read",
                          {{"pattern", pattern}, {"limit", choice.limit}}));
  return show_tuples(choice,
                     read_tuple(whom, pattern, time_of(choice.timeout)));
}

/// Takes one after the other and prints each as it comes, so that whoever is
/// interrupted has all that is gone from the space.
int take_each(const space_choice& choice, const space_target& whom) {
  end_signals signals;
  std::atomic<bool> ended = false;
  signals.on_first([&ended](const std::string&) { ended = true; });
  auto taken = nlohmann::json::array();
  result<nlohmann::json> got;
  while (!ended && taken.size() < choice.limit) {
    got = take_tuple(whom, pattern_of(choice), milliseconds::zero());
    if (!got || (*got)["tuples"].empty())
      break;
    taken.push_back((*got)["tuples"][0]);
    if (!choice.json)
      fmt::print("{}", tuple_line(taken.back()));
  }
  signals.stop();
  if (taken.empty())
    return show_tuples(choice, got);
  if (choice.json && got)
    print_json({{"ok", true}, {"tuples", std::move(taken)}});
  else if (choice.json)
    print_json({{"ok", false},
                {"error", error_json(got.error())},
                {"tuples", std::move(taken)}});
  if (got)
    return success;
  return choice.json ? exit_code_of(got.error()) : report(got.error(), false);
}

int space_take(const space_choice& choice, const space_target& whom) {
  const auto pattern = pattern_of(choice);
  if (choice.all)
    return take_each(choice, whom);
  return show_tuples(choice,
                     take_tuple(whom, pattern, time_of(choice.timeout)));
}

void print_count(const nlohmann::json& answer) {
  fmt::print("{}\n", answer.value("count", std::uint64_t{0}));
}

int space_count(const space_choice& choice, const space_target& whom) {
  return show_answer(
      choice, ask_space(whom, "count", {{"pattern", pattern_of(choice)}}),
      print_count);
}

int space_clear(const space_choice& choice, const space_target& whom) {
  return show_answer(
      choice, ask_space(whom, "clear", nlohmann::json::object()),
      [](const nlohmann::json& answer) {
        const auto count = answer.value("count", std::uint64_t{0});
        fmt::print("{} tuple{} removed\n", count, count == 1 ? "" : "s");
      });
}

int space_stats(const space_choice& choice, const space_target& whom) {
  return show_answer(choice, ask_space(whom, "stats", nlohmann::json::object()),
                     [](const nlohmann::json& answer) {
                       fmt::print("{}", space_statistics_text(answer));
                     });
}

/// "7 tuples moved"
int show_transfer(const space_choice& choice, const result<nlohmann::json>& got,
                  const char* done) {
  return show_answer(choice, got, [done](const nlohmann::json& answer) {
    const auto count = answer.value("tuples", std::uint64_t{0});
    fmt::print("{} tuple{} {}\n", count, count == 1 ? "" : "s", done);
  });
}

int space_move(const space_choice& choice, const space_target& whom) {
  return show_transfer(
      choice,
      transfer_tuples(whom, "move",
                      {{"pattern", pattern_of(choice)}, {"to", choice.target}}),
      "moved");
}

int space_copy(const space_choice& choice, const space_target& whom) {
  return show_transfer(
      choice,
      transfer_tuples(whom, "copy",
                      {{"pattern", pattern_of(choice)}, {"to", choice.target}}),
      "copied");
}

int space_snapshot(const space_choice& choice, const space_target& whom) {
  const auto file = std::filesystem::absolute(choice.path).string();
  return show_transfer(
      choice, transfer_tuples(whom, "snapshot", {{"file", file}}), "saved");
}

int space_restore(const space_choice& choice, const space_target& whom) {
  const auto file = std::filesystem::absolute(choice.path).string();
  const auto got =
      transfer_tuples(whom, "restore", {{"file", file}, {"add", choice.add}});
  if (!got && got.error().code == errc::already_exists)
    return report({got.error().code,
                   got.error().message + ": weft space clear, or --add"},
                  choice.json);
  return show_transfer(choice, got, "restored");
}

int space_bench(const space_choice& choice, const space_target& whom) {
  return show_answer(
      choice,
      ask_space(whom, "bench",
                {{"seconds", choice.seconds}, {"batch", choice.batch}},
                std::chrono::seconds{choice.seconds}),
      [](const nlohmann::json& answer) {
        fmt::print("{}", space_bench_text(answer));
      });
}

/// Prints what came; at most `left` events.
void print_events(const nlohmann::json& news, bool json, std::size_t& left) {
  for (const auto& event : news["events"]) {
    if (left == 0)
      return;
    --left;
    if (json)
      print_json(event);
    else
      fmt::print("{}", event_line(event));
  }
  if (const auto dropped = news.value("dropped", std::uint64_t{0}); dropped > 0)
    fmt::print(stderr, "weft: {} events came too fast and were dropped\n",
               dropped);
  std::fflush(stdout);
}

int space_watching(const space_choice& choice, const space_target& whom) {
  end_signals signals;
  space_watch watch{whom};
  signals.on_first([&](const std::string&) { watch.end(); });
  auto left = choice.limit == 0 ? SIZE_MAX : choice.limit;
  const auto done =
      watch.run(pattern_of(choice), [&](const nlohmann::json& news) {
        print_events(news, choice.json, left);
        return left > 0;
      });
  signals.stop();
  return done ? static_cast<int>(success) : report(done.error(), choice.json);
}

/// What follows the first tuple; CLI11 would take arrays in brackets apart if
/// the option itself had many.
int take_further(const CLI::App& command, space_choice& choice) {
  for (auto& text : command.remaining()) {
    if (text.starts_with('-')) {
      fmt::print(stderr,
                 "weft: unknown option {}; see: weft space write --help\n",
                 text);
      return bad_usage;
    }
    choice.written.push_back(std::move(text));
  }
  return success;
}

/// An operation: what it checks before it asks, and what it does then.
CLI::App& add_transfer(CLI::App& parent, int& exit, const char* name,
                       const char* description, const shared_choice& choice,
                       int (*check)(const space_choice&), space_work work) {
  auto& command = *parent.add_subcommand(name, description);
  command.add_option("--tenant", choice->tenant, "Whose space it is")
      ->capture_default_str();
  command.add_option("--file", choice->cluster.file,
                     "The running cluster's YAML file; not needed when only "
                     "one runs");
  command.add_option("--run-dir", choice->cluster.run_directory,
                     "The running cluster's run directory");
  command.add_option("--node", choice->cluster.node,
                     "Ask this node instead of the first");
  command.add_flag("--json", choice->json, "One JSON object");
  run_when_chosen(command, exit,
                  [choice, check, &command, work = std::move(work)]() -> int {
                    if (const int wrong = take_further(command, *choice);
                        wrong != success)
                      return wrong;
                    if (const int wrong = check(*choice); wrong != success)
                      return wrong;
                    const auto whom = target_of(*choice);
                    if (!whom)
                      return report(whom.error(), choice->json);
                    return work(*choice, *whom);
                  });
  return command;
}

/// The same on a space that an option names.
CLI::App& add_operation(CLI::App& parent, int& exit, const char* name,
                        const char* description, const shared_choice& choice,
                        int (*check)(const space_choice&), space_work work) {
  auto& command = add_transfer(parent, exit, name, description, choice, check,
                               std::move(work));
  command.add_option("--space", choice->space,
                     "NAME or NAMESPACE/NAME; not needed when the tenant has "
                     "only one");
  return command;
}

CLI::Option* add_pattern(CLI::App& command, const shared_choice& choice,
                         const char* description) {
  // CLI11 would take an array in brackets apart.
  return command.add_option("PATTERN", choice->written, description)
      ->allow_extra_args(false)
      ->expected(1);
}

void add_write(CLI::App& parent, int& exit) {
  auto choice = std::make_shared<space_choice>();
  auto& command = add_operation(parent, exit, "write", "Write tuples", choice,
                                check_tuples, space_write);
  command
      .add_option("TUPLE...", choice->written,
                  "JSON arrays, for example '[\"job\", 7]'")
      ->required()
      ->allow_extra_args(false)
      ->expected(1);
  command.allow_extras();
  command
      .add_option("--lease", choice->lease,
                  "Remove them after this time, 10s or 5min")
      ->check(is_time(spaces::lease_max, true));
  command.footer("Example: weft space write '[\"job\", 7]' '[\"job\", 8]' "
                 "--lease 10min");
}

void add_getter(CLI::App& parent, int& exit, const char* name,
                const char* description, const space_work& work,
                const char* example) {
  auto choice = std::make_shared<space_choice>();
  auto& command = add_operation(parent, exit, name, description, choice,
                                check_pattern, work);
  add_pattern(command, choice,
              "A value, _, i64:_, 3..10, \"jo\"* or \"a\"|\"b\" for each "
              "field; ... for any further ones")
      ->required();
  auto* timeout = command
                      .add_option("--timeout", choice->timeout,
                                  "How long to wait for one; 0: not at all")
                      ->check(is_time(spaces::timeout_max, false))
                      ->capture_default_str();
  auto* all = command.add_flag("--all", choice->all, "Not only the oldest");
  choice->limit = 1000;
  command.add_option("--limit", choice->limit, "With --all: at most so many")
      ->check(CLI::Range(std::size_t{1}, spaces::answer_tuples_max))
      ->needs(all)
      ->capture_default_str();
  all->excludes(timeout);
  command.footer(example);
}

void add_counts(CLI::App& parent, int& exit) {
  auto choice = std::make_shared<space_choice>();
  auto& count =
      add_operation(parent, exit, "count", "Count the tuples that match",
                    choice, check_pattern, space_count);
  add_pattern(count, choice, "As of read; every tuple if there is none");
  count.footer("Example: weft space count '[\"job\", 3..10]'");
  const auto nothing = [](const space_choice&) -> int { return success; };
  add_operation(parent, exit, "clear", "Remove all tuples",
                std::make_shared<space_choice>(), nothing, space_clear)
      .footer("Example: weft space clear --space jobs");
  add_operation(parent, exit, "stats",
                "Show what is in each shard and what was done there",
                std::make_shared<space_choice>(), nothing, space_stats)
      .footer("Example: weft space stats --space jobs");
}

void add_watch(CLI::App& parent, int& exit) {
  auto choice = std::make_shared<space_choice>();
  auto& command = add_operation(
      parent, exit, "watch",
      "Print what is written (+), taken (-) and expires (x), until Ctrl-C",
      choice, check_pattern, space_watching);
  add_pattern(command, choice, "As of read; every tuple if there is none");
  command.add_option("--limit", choice->limit, "End after so many events")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}));
  command.footer("With --json one object a line: {\"event\", \"tuple\"}.\n"
                 "Example: weft space watch '[\"job\", ...]'");
}

void add_space_bench(CLI::App& parent, int& exit) {
  auto choice = std::make_shared<space_choice>();
  auto& command = add_operation(
      parent, exit, "bench",
      "Measure writes and takes from a thread of a node, one by one and in "
      "batches",
      choice, [](const space_choice&) -> int { return success; }, space_bench);
  command.add_option("--seconds", choice->seconds, "How long it takes")
      ->check(CLI::Range(1, 20))
      ->capture_default_str();
  command
      .add_option("--batch", choice->batch,
                  "Operations that are under way at "
                  "once")
      ->check(CLI::Range(std::size_t{1}, spaces::batch_tuples_max))
      ->capture_default_str();
  command.footer("Its tuples have a key of their own and are removed after "
                 "it.\nExample: weft space bench --seconds 5");
}

void add_carry(CLI::App& parent, int& exit, const char* name,
               const char* description, const space_work& work,
               const char* example) {
  auto choice = std::make_shared<space_choice>();
  auto& command = add_transfer(parent, exit, name, description, choice,
                               check_pattern, work);
  command.add_option("FROM", choice->space, "NAME or NAMESPACE/NAME")
      ->required();
  command.add_option("TO", choice->target, "Another space of the tenant")
      ->required();
  add_pattern(command, choice, "As of read; '[...]' is every tuple")
      ->required();
  command.footer(example);
}

void add_snapshots(CLI::App& parent, int& exit) {
  const auto nothing = [](const space_choice&) -> int { return success; };
  auto saved = std::make_shared<space_choice>();
  auto& save =
      add_transfer(parent, exit, "snapshot",
                   "Write all tuples, claimed ones too, with what is left of "
                   "their leases to a file",
                   saved, nothing, space_snapshot);
  save.add_option("SPACE", saved->space, "NAME or NAMESPACE/NAME")->required();
  save.add_option("FILE", saved->path, "Replaced once it is whole")->required();
  save.footer("Of each shard the file has what was there at one moment.\n"
              "Example: weft space snapshot jobs jobs.snapshot");
  auto loaded = std::make_shared<space_choice>();
  auto& load = add_transfer(parent, exit, "restore",
                            "Write the tuples of a snapshot, whatever number "
                            "of shards it is from",
                            loaded, nothing, space_restore);
  load.add_option("SPACE", loaded->space, "NAME or NAMESPACE/NAME")->required();
  load.add_option("FILE", loaded->path, "Of weft space snapshot")
      ->required()
      ->check(CLI::ExistingFile);
  load.add_flag("--add", loaded->add, "Also when the space has tuples already");
  load.footer("A file that was cut off or changed is refused as a whole.\n"
              "Example: weft space restore jobs jobs.snapshot");
}

} // namespace

void add_space(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "space", "Write, take and watch tuples of a running cluster's spaces");
  command->require_subcommand(1);
  add_write(*command, exit);
  add_getter(*command, exit, "read", "Print a tuple that matches, or all",
             space_read,
             "Example: weft space read '[\"job\", _]' --timeout 5s");
  add_getter(*command, exit, "take",
             "Print a tuple that matches, or all, and remove it", space_take,
             "Example: weft space take '[\"job\", _]' --timeout 5s");
  add_counts(*command, exit);
  add_carry(*command, exit, "move",
            "Move the tuples that match to another space", space_move,
            "Example: weft space move jobs done '[\"job\", 3..10]'");
  add_carry(*command, exit, "copy",
            "Copy the tuples that match to another space", space_copy,
            "Example: weft space copy jobs tests '[\"job\", ...]'");
  add_snapshots(*command, exit);
  add_watch(*command, exit);
  add_space_bench(*command, exit);
  command->footer("Example: weft space write '[\"job\", 7]'");
}

} // namespace weft::apps

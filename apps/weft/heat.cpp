#include "apps/heat/actors/granularity.hpp"
#include "apps/heat/actors/local_run.hpp"
#include "apps/heat/actors/report.hpp"
#include "apps/heat/actors/scaling.hpp"
#include "apps/heat/output/array_file.hpp"
#include "apps/weft/command.hpp"
#include "apps/weft/progress_bar.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace weft::apps {

namespace {

struct heat_choice {
  heat::index rows = 100;
  heat::index cols = 100;
  std::string regions;
  double threshold = 0.01;
  std::optional<std::uint64_t> iterations;
  heat::index halo_depth = 1;
  std::size_t workers = heat::default_workers();
  std::string boundary = "100,0,0,0";
  std::vector<std::string> probes;
  std::string output;
  bool auto_granularity = false;
  bool granularity_table = false;
  double granularity_target = 100;
  std::string scaling;
  bool json = false;
};

constexpr std::uint64_t iterations_otherwise = 1'000'000;
constexpr std::uint64_t scaling_iterations = 100;

/// Says on a terminal what is being done.
class heat_progress {
public:
  explicit heat_progress(bool json) : bar_{json} {}

  heat::local_watch watch() {
    return {.cancelled = {}, .progress = [this](const heat::run_progress& now) {
              bar_.show(now.share, now.text);
            }};
  }
  heat::sample_watch samples() {
    return [this](const std::string& text) { bar_.show(text); };
  }
  void clear() { bar_.clear(); }

private:
  progress_bar bar_;
};

result<heat::run_request> request_of(const heat_choice& choice) {
  heat::run_request what;
  what.shape = {choice.rows, choice.cols};
  what.regions = heat::regions_for(what.shape, choice.workers);
  if (!choice.regions.empty()) {
    auto regions = heat::parse_regions(choice.regions);
    if (!regions)
      return pass_on(regions);
    what.regions = *regions;
  }
  what.until = {choice.threshold,
                choice.iterations.value_or(iterations_otherwise)};
  what.halo_depth = choice.halo_depth;
  auto edge = heat::parse_boundary(choice.boundary);
  if (!edge)
    return pass_on(edge);
  what.edge = *edge;
  for (const auto& text : choice.probes) {
    auto probe = heat::parse_probe(text);
    if (!probe)
      return pass_on(probe);
    what.probes.push_back(*probe);
  }
  if (!choice.output.empty())
    if (auto format = heat::format_of(choice.output); !format)
      return pass_on(format);
  return what;
}

/// The picture leaves room for the text above it.
heat::result_wishes wishes_of(const heat_choice& choice,
                              const heat::run_request& what) {
  heat::result_wishes wishes{.probes = what.probes, .output = choice.output};
  winsize window{};
  if (choice.json || !isatty(STDOUT_FILENO)
      || ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0)
    return wishes;
  wishes.map_width = std::clamp<std::size_t>(window.ws_col, 20, 80);
  wishes.map_height = std::clamp<std::size_t>(
      window.ws_row > 10 ? window.ws_row - 10U : 10U, 10, 30);
  return wishes;
}

template <class Measured>
int print_measured(const result<Measured>& measured, heat_progress& progress,
                   bool json) {
  progress.clear();
  if (!measured)
    return report(measured.error(), json);
  if (json)
    print_json(to_json(*measured));
  else
    fmt::print("{}", to_text(*measured));
  return success;
}

void print_run(const heat::run_report& done, const heat::result_sinks& sinks,
               const heat_choice& choice) {
  fmt::print("{}", heat::to_text(done));
  if (!choice.output.empty())
    fmt::print("written     {}\n", choice.output);
  fmt::print("{}", sinks.map(shows_colour(STDOUT_FILENO)));
  std::fflush(stdout);
  for (const auto& text : heat::warnings(done))
    fmt::print(stderr, "weft: {}\n", text);
}

int run_once(const heat_choice& choice, const heat::run_request& what,
             const std::optional<heat::granularity_answer>& found,
             heat_progress& progress) {
  const auto where = heat::check(what);
  if (!where)
    return report(where.error(), choice.json);
  heat::result_sinks sinks{what, wishes_of(choice, what)};
  auto outcome = heat::run_alone(what, choice.workers, progress.watch(),
                                 [&] { return sinks.make(); });
  progress.clear();
  if (!outcome)
    return report_work(outcome.error(), choice.json);
  const heat::run_report done{.what = what,
                              .halo_depth = where->halo_depth(),
                              .places = {{"local", choice.workers}},
                              .outcome = *std::move(outcome),
                              .checksum = sinks.checksum(),
                              .probes = sinks.probes(),
                              .granularity_target = choice.granularity_target};
  if (!choice.json) {
    print_run(done, sinks, choice);
    return success;
  }
  auto object = to_json(done);
  if (found)
    object["auto_granularity"] = to_json(*found);
  print_json(object);
  return success;
}

int run_with_found_granularity(const heat_choice& choice,
                               heat::run_request what,
                               heat_progress& progress) {
  auto found =
      heat::find_granularity(choice.granularity_target, choice.halo_depth,
                             choice.workers, progress.samples());
  progress.clear();
  if (!found)
    return report(found.error(), choice.json);
  what.regions = heat::regions_of_side(
      what.shape, found->side.value_or(heat::granularity_side_max));
  if (!choice.json)
    fmt::print("{}\n", to_text(*found));
  return run_once(choice, what, *found, progress);
}

int run_heat(const heat_choice& choice) {
  heat_progress progress{choice.json};
  if (choice.granularity_table)
    return print_measured(
        heat::measure_granularity_table(choice.workers, progress.samples()),
        progress, choice.json);
  auto what = request_of(choice);
  if (!what)
    return report(what.error(), choice.json);
  if (auto where = heat::check(*what); !where)
    return report(where.error(), choice.json);
  if (!choice.scaling.empty()) {
    what->until.iterations_max = choice.iterations.value_or(scaling_iterations);
    const auto kind = choice.scaling == "weak" ? heat::scaling_kind::weak
                                               : heat::scaling_kind::strong;
    return print_measured(
        heat::measure_scaling(*what, kind, choice.workers, progress.samples()),
        progress, choice.json);
  }
  if (choice.auto_granularity)
    return run_with_found_granularity(choice, *std::move(what), progress);
  return run_once(choice, *what, std::nullopt, progress);
}

void add_problem(CLI::App& command, heat_choice& choice) {
  command
      .add_option("--rows", choice.rows,
                  "Rows of the array, the fixed ring included")
      ->capture_default_str();
  command
      .add_option("--cols", choice.cols,
                  "Columns of the array, the fixed ring included")
      ->capture_default_str();
  command
      .add_option("--threshold", choice.threshold,
                  "Ends when no cell changes by as much; 0: never")
      ->capture_default_str();
  command.add_option("--iterations", choice.iterations,
                     "Ends after so many at the latest (default 1000000)");
  command
      .add_option("--boundary", choice.boundary,
                  "Temperatures of the ring: top,bottom,left,right")
      ->capture_default_str();
}

void add_way(CLI::App& command, heat_choice& choice) {
  auto* regions = command.add_option(
      "--regions", choice.regions,
      "Rows x columns of regions, an actor each, such as 2x3; one a worker "
      "without it");
  command
      .add_option("--halo-depth", choice.halo_depth,
                  "Iterations between exchanges with neighbours")
      ->capture_default_str();
  command.add_option("--workers", choice.workers, "Threads that compute")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      .add_option("--granularity-target", choice.granularity_target,
                  "How many times longer regions should compute than "
                  "coordinate")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command
      .add_flag("--auto-granularity", choice.auto_granularity,
                "Measure how large regions must be for that, and use such")
      ->excludes(regions);
}

void add_results(CLI::App& command, heat_choice& choice) {
  command.add_option("--probe", choice.probes,
                     "Print the value of cell row,col; may be given again");
  command.add_option("--output", choice.output,
                     "Write the array to a file .npy, .csv or .png");
  command.add_flag("--granularity-table", choice.granularity_table,
                   "Measure 1x1 to 20x20 regions on 100x100");
  command
      .add_option("--scaling", choice.scaling,
                  "Measure 1 to --workers workers: strong (the same grid for "
                  "all) or weak (as many rows for each)")
      ->check(CLI::IsMember({"strong", "weak"}));
  command.add_flag("--json", choice.json, "One JSON object");
}

/// Refuses what a measurement has no use for.
void exclude(CLI::App& command, const char* measurement,
             std::initializer_list<const char*> others) {
  for (const auto* other : others)
    command.get_option(measurement)->excludes(command.get_option(other));
}

void add_exclusions(CLI::App& command) {
  exclude(command, "--scaling",
          {"--regions", "--threshold", "--probe", "--output",
           "--granularity-target", "--auto-granularity"});
  exclude(command, "--granularity-table",
          {"--rows", "--cols", "--boundary", "--regions", "--halo-depth",
           "--threshold", "--iterations", "--probe", "--output", "--scaling",
           "--granularity-target", "--auto-granularity"});
}

} // namespace

void add_heat(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "heat", "Heat diffusion on a grid, computed by actors in this process");
  auto choice = std::make_shared<heat_choice>();
  add_problem(*command, *choice);
  add_way(*command, *choice);
  add_results(*command, *choice);
  add_exclusions(*command);
  command->footer(
      "Computes Jacobi's iteration; the result is the same, bit for bit, for\n"
      "all regions, workers and halo depths. On several nodes: weft run\n"
      "config/examples/heat.yaml.\n"
      "Example: weft heat --rows 20 --cols 20 --regions 2x2 --probe 10,10");
  run_when_chosen(*command, exit, [choice] { return run_heat(*choice); });
}

} // namespace weft::apps

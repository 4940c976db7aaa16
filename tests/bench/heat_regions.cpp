// Question: how many cells a second do regions update, without actors, and how
// near is that to what the processor's caches and memory allow?
// Method: one thread and one region a worker; halos and changes cross through
// memory, and a thread that waits spins. Regions touch their memory before the
// clock starts. Several runs of the same iterations in one process; the first
// is not counted. Of every run the time of the slowest worker, by the wall
// clock and by the processor time it used.
// Unit: million updates a second of cells inside the ring.

#include "apps/heat/core/convergence.hpp"
#include "apps/heat/core/region_core.hpp"
#include "apps/heat/machine/tuning.hpp"
#include "apps/heat/output/checksum.hpp"
#include "runtime/base/large_pages.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace weft::heat::bench {

namespace {

struct settings {
  index rows = 4096;
  index columns = 4096;
  index workers = 2;
  index halo_depth = 1;
  std::size_t iterations = 64;
  std::size_t runs = 9;
  std::string kernel = "";
  std::string past_cache = "auto";
  std::size_t scratch_bytes_max = 0;
  region_options region{};
};

/// A halo on its way; two, for this block and the next.
struct mailbox {
  std::atomic<std::uint64_t> filled{0};
  std::array<std::vector<double>, 2> halos;
};

/// What a worker shows the others. `changes` are those of its last blocks.
struct worker_state {
  std::atomic<std::uint64_t> finished{0};
  std::array<std::vector<double>, 8> changes;
  std::array<mailbox, all_directions.size()> boxes;
  double wall_seconds = 0;
  double processor_seconds = 0;
};

void wait_until(const std::atomic<std::uint64_t>& count, std::uint64_t least) {
  for (int turns = 0; count.load(std::memory_order_acquire) < least; ++turns)
    if (turns > 2000)
      std::this_thread::yield();
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * now.tv_nsec;
}

class run {
public:
  run(const settings& how, const partition& where)
      : how_(how), where_(where), until_{.threshold = 0,
                                         .iterations_max = how.iterations} {
    for (index worker = 0; worker < where.regions(); ++worker)
      workers_.push_back(std::make_unique<worker_state>());
    regions_.resize(workers_.size());
  }

  /// Seconds of the slowest worker, by wall and by processor.
  std::pair<double, double> measure() {
    std::vector<std::thread> threads;
    for (std::size_t which = 0; which < workers_.size(); ++which)
      threads.emplace_back([this, which] { work(which); });
    for (auto& thread : threads)
      thread.join();
    std::pair<double, double> slowest;
    for (const auto& worker : workers_) {
      slowest.first = std::max(slowest.first, worker->wall_seconds);
      slowest.second = std::max(slowest.second, worker->processor_seconds);
    }
    return slowest;
  }

  std::string sum() const {
    checksum all;
    for (const auto& region : regions_)
      for (index row = 0; row < region->geometry().own().rows(); ++row)
        all.add(region->row(row));
    return all.hex();
  }

private:
  void work(std::size_t which) {
    regions_[which].emplace(where_, static_cast<index>(which), how_.region);
    ready_.fetch_add(1);
    wait_until(ready_, workers_.size());
    auto wall = std::chrono::steady_clock::now();
    auto processor = processor_seconds();
    while (do_block(which)) {
    }
    auto& mine = *workers_[which];
    mine.processor_seconds = processor_seconds() - processor;
    mine.wall_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - wall)
            .count();
  }

  bool do_block(std::size_t which) {
    auto& region = *regions_[which];
    auto block = region.block();
    if (region.undecided() > how_.region.run_ahead)
      decide(which, block - region.undecided());
    auto levels = levels_of_block(block, where_.halo_depth(), until_);
    if (levels == 0) {
      while (region.undecided() > 0)
        decide(which, block - region.undecided());
      return false;
    }
    region.begin_block(levels);
    give_halos(which, block);
    region.sweep_interior();
    take_halos(which, block);
    auto changes = region.finish_block();
    auto& mine = *workers_[which];
    mine.changes[block % 8].assign(changes.begin(), changes.end());
    mine.finished.store(block + 1, std::memory_order_release);
    return true;
  }

  void give_halos(std::size_t which, std::uint64_t block) {
    auto& region = *regions_[which];
    for (auto side : region.geometry().neighbours()) {
      auto to = where_.neighbour(static_cast<index>(which), side);
      auto& box = workers_[static_cast<std::size_t>(*to)]
                      ->boxes[static_cast<std::size_t>(opposite(side))];
      box.halos[block % 2] = region.halo_for(side);
      box.filled.store(block + 1, std::memory_order_release);
    }
  }

  void take_halos(std::size_t which, std::uint64_t block) {
    auto& region = *regions_[which];
    for (auto side : region.geometry().neighbours()) {
      auto& box = workers_[which]->boxes[static_cast<std::size_t>(side)];
      wait_until(box.filled, block + 1);
      if (!region.receive(block, side, box.halos[block % 2]))
        std::abort();
    }
  }

  /// The all-reduce: every worker joins the changes of all.
  void decide(std::size_t which, std::uint64_t block) {
    std::vector<double> changes;
    for (const auto& worker : workers_) {
      wait_until(worker->finished, block + 1);
      const auto& more = worker->changes[block % 8];
      changes.resize(more.size());
      raise_changes(changes, more);
    }
    auto ended = judge_block(block, where_.halo_depth(), changes, until_);
    if (ended && !ended->converged)
      regions_[which]->stop_at(
          block, level_in_block(ended->iterations, where_.halo_depth()));
    else
      regions_[which]->go_on();
  }

  settings how_;
  partition where_;
  stop_rule until_;
  std::vector<std::unique_ptr<worker_state>> workers_;
  std::vector<std::optional<region_core>> regions_;
  std::atomic<std::uint64_t> ready_{0};
};

void add_options(CLI::App& app, settings& how) {
  app.add_option("--rows", how.rows);
  app.add_option("--columns", how.columns);
  app.add_option("--workers", how.workers);
  app.add_option("--halo-depth", how.halo_depth);
  app.add_option("--iterations", how.iterations);
  app.add_option("--runs", how.runs);
  app.add_option("--scratch", how.scratch_bytes_max,
                 "bytes; 0 for what suits this machine");
  app.add_option("--run-ahead", how.region.run_ahead)->check(CLI::Range(0, 6));
  app.add_option("--past-cache", how.past_cache)
      ->check(CLI::IsMember({"auto", "yes", "no"}));
  std::vector<std::string> names{""};
  for (const auto& kernel : available_kernels())
    names.emplace_back(kernel.name);
  app.add_option("--kernel", how.kernel)->check(CLI::IsMember(names));
}

/// The options of regions that the user left to this machine, and those that
/// he did not.
void choose(settings& how) {
  how.region.memory = &large_pages();
  tune(how.region, how.rows * how.columns, caches());
  if (how.past_cache != "auto")
    how.region.past_cache = how.past_cache == "yes";
  if (how.scratch_bytes_max > 0)
    how.region.scratch_bytes_max = how.scratch_bytes_max;
  for (const auto& kernel : available_kernels())
    if (kernel.name == how.kernel)
      how.region.kernel = &kernel;
}

void report(const settings& how, std::vector<double> rates,
            const std::string& clock) {
  std::sort(rates.begin(), rates.end());
  fmt::print("{}: median {:.0f}, least {:.0f}, most {:.0f} M updates/s over "
             "{} runs\n",
             clock, rates[rates.size() / 2], rates.front(), rates.back(),
             how.runs);
}

int measure(int argc, char** argv) {
  settings how;
  CLI::App app{"Updates a second of heat regions driven by plain threads"};
  add_options(app, how);
  CLI11_PARSE(app, argc, argv);
  choose(how);
  auto where = partition::make(
      {{how.rows, how.columns}, how.workers, 1, how.halo_depth});
  if (!where) {
    fmt::print(stderr, "{}\n", where.error().message);
    return 2;
  }
  auto updates = static_cast<double>((how.rows - 2) * (how.columns - 2))
                 * static_cast<double>(how.iterations) / 1e6;
  std::vector<double> wall;
  std::vector<double> processor;
  std::string sum;
  for (std::size_t count = 0; count <= how.runs; ++count) {
    run one{how, *where};
    auto [wall_seconds, processor_seconds] = one.measure();
    if (count > 0) {
      wall.push_back(updates / wall_seconds);
      processor.push_back(updates / processor_seconds);
    }
    sum = one.sum();
  }
  fmt::print("{}x{}, {} workers, halo depth {}, {} iterations, kernel {}, "
             "{}\n",
             how.rows, how.columns, how.workers, where->halo_depth(),
             how.iterations, how.region.kernel->name,
             how.region.past_cache ? "past the cache" : "in the cache");
  report(how, wall, "wall clock");
  report(how, processor, "processor");
  fmt::print("cells inside the ring, SHA-256: {}\n", sum);
  return 0;
}

} // namespace

} // namespace weft::heat::bench

int main(int argc, char** argv) {
  return weft::heat::bench::measure(argc, argv);
}

/// Question: how many events a second does the kernel of one torus run, and how
/// does that compare with a plain binary heap?
/// Method: the same load on `torus_kernel` and on `heap_torus`
/// (tests/support), in turn, in one thread and in memory of large pages; both
/// run to the same virtual time and must come to the same state hash. A tenth
/// of the events runs before the clock starts. Of the kernel also the time an
/// event by slices of some thousand events.
/// Unit: million events a second of processor time, ns an event; median, least
/// and most over the runs.
///
///     ninja -C build/release bench_torus_kernel
///     taskset -c 1 build/release/tests/bench_torus_kernel [EVENTS [RUNS
///       [kernel]]]
///
/// `kernel` leaves out the heap.

#include "actors/torus/core/models/phold.hpp"
#include "actors/torus/core/models/relay.hpp"
#include "actors/torus/core/torus_image.hpp"
#include "actors/torus/core/workload.hpp"
#include "runtime/base/large_pages.hpp"
#include "tests/support/heap_torus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weft::torus::bench {

namespace {

struct settings {
  std::uint64_t events = 20'000'000;
  int runs = 5;
  bool with_heap = true;
};

struct load_to_measure {
  std::string name;
  workload load;
  /// So long that a slice has some thousand events.
  virtual_time slice;
};

/// Of one run.
struct figures {
  double seconds = 0;
  std::uint64_t events = 0;
  virtual_time end = 0;
  std::uint64_t hash = 0;
  /// ns an event of each slice.
  std::vector<double> slices;
};

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * now.tv_nsec;
}

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(1);
}

std::unique_ptr<torus_kernel> made(const workload& load) {
  torus_options options;
  options.memory = &large_pages();
  auto torus = make_torus(sized_for(options, load, 1'000), load);
  if (!torus)
    give_up(to_string(torus.error()));
  return std::move(*torus);
}

/// Runs slices until there were so many events.
void run_events(torus_kernel& torus, std::uint64_t events, virtual_time slice,
                std::vector<double>& slices) {
  while (torus.counters().processed < events) {
    const auto before = torus.counters().processed;
    const auto begin = processor_seconds();
    if (auto ran = torus.run_until(torus.now() + slice); !ran)
      give_up(to_string(ran.error()));
    const auto seconds = processor_seconds() - begin;
    if (torus.counters().processed > before)
      slices.push_back(
          1e9 * seconds
          / static_cast<double>(torus.counters().processed - before));
  }
}

figures measure_kernel(const load_to_measure& what, std::uint64_t events) {
  auto torus = made(what.load);
  figures result;
  run_events(*torus, events / 10, what.slice, result.slices);
  const auto before = torus->counters().processed;
  result.slices.clear();
  const auto begin = processor_seconds();
  run_events(*torus, before + events, what.slice, result.slices);
  result.seconds = processor_seconds() - begin;
  result.events = torus->counters().processed - before;
  result.end = torus->now();
  result.hash = torus->state_hash();
  if (!torus->conserved())
    give_up(what.name + ": events were lost or doubled");
  return result;
}

/// The same beginning, by way of the image.
template <class Model>
heap_torus<Model> heap_of(const torus_kernel& torus, const Model& model) {
  heap_torus<Model> heap{torus.options(), model};
  const auto image = *decoded(torus.save());
  for (address site = 0; site < image.sites.size(); ++site)
    heap.set_state(site, image.sites[site].state);
  for (const auto& one : image.edges)
    heap.connect(one.site, one.to, one.delay);
  for (const auto& one : image.events)
    heap.inject(one);
  return heap;
}

template <class Model>
figures measure_heap(const load_to_measure& what, const Model& model,
                     virtual_time end) {
  auto heap = heap_of(*made(what.load), model);
  figures result;
  heap.run_until(end / 11);
  const auto before = heap.processed();
  const auto begin = processor_seconds();
  heap.run_until(end);
  result.seconds = processor_seconds() - begin;
  result.events = heap.processed() - before;
  result.hash = heap.state_hash(0);
  return result;
}

figures measure_heap(const load_to_measure& what, virtual_time end) {
  if (const auto* load = std::get_if<phold_load>(&what.load))
    return measure_heap(what, phold{load->destination, load->remote}, end);
  return measure_heap(what, relay{}, end);
}

double of_sorted(std::vector<double> all, double part) {
  std::sort(all.begin(), all.end());
  return all[static_cast<std::size_t>(part
                                      * static_cast<double>(all.size() - 1))];
}

void report(const std::string& name, const std::vector<figures>& runs) {
  std::vector<double> rates;
  for (const auto& one : runs)
    rates.push_back(static_cast<double>(one.events) / one.seconds / 1e6);
  const auto median = of_sorted(rates, 0.5);
  fmt::print("{:<34} {:7.1f} M/s ({:.1f} to {:.1f}), {:6.2f} ns an event", name,
             median, of_sorted(rates, 0), of_sorted(rates, 1), 1e3 / median);
  std::vector<double> slices;
  for (const auto& one : runs)
    slices.insert(slices.end(), one.slices.begin(), one.slices.end());
  if (!slices.empty())
    fmt::print("; slices p50 {:.2f}, p95 {:.2f}, p99 {:.2f}",
               of_sorted(slices, 0.5), of_sorted(slices, 0.95),
               of_sorted(slices, 0.99));
  fmt::print("\n");
  std::fflush(stdout);
}

void measure(const load_to_measure& what, const settings& how) {
  std::vector<figures> kernel;
  std::vector<figures> heap;
  for (int run = 0; run < how.runs; ++run) {
    kernel.push_back(measure_kernel(what, how.events));
    if (!how.with_heap)
      continue;
    heap.push_back(measure_heap(what, kernel.back().end));
    if (heap.back().hash != kernel.back().hash)
      give_up(what.name + ": the kernel and the heap differ");
  }
  report(what.name, kernel);
  if (how.with_heap)
    report("  std::priority_queue", heap);
  fmt::print("  state hash {:016x} at {}, {:.2f} MB\n", kernel[0].hash,
             kernel[0].end,
             static_cast<double>(made(what.load)->memory_bytes()) / 1e6);
}

std::vector<load_to_measure> loads() {
  std::vector<load_to_measure> all{
      {"relay, ring of 8000, 8000 pending",
       relay_load{.ring = 8'000, .population = 8'000}, 1}};
  for (const std::uint32_t tokens : {1, 16})
    for (const auto where :
         {phold_destination::neighbour, phold_destination::uniform})
      all.push_back(
          {fmt::format("phold 32^3, {} a site, {}", tokens,
                       where == phold_destination::uniform ? "uniform"
                                                           : "neighbour"),
           phold_load{.population = 32'768 * tokens, .destination = where},
           256 / tokens});
  return all;
}

} // namespace

} // namespace weft::torus::bench

int main(int count, char** arguments) {
  weft::torus::bench::settings how;
  if (count > 1)
    how.events = std::strtoull(arguments[1], nullptr, 10);
  if (count > 2)
    how.runs = std::atoi(arguments[2]);
  if (count > 3)
    how.with_heap = std::string_view{arguments[3]} != "kernel";
  for (const auto& one : weft::torus::bench::loads())
    weft::torus::bench::measure(one, how);
  return 0;
}

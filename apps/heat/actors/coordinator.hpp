#pragma once

#include "actors/space/space.hpp"
#include "apps/heat/core/coordinator_core.hpp"
#include "apps/heat/core/partition.hpp"
#include "apps/heat/core/run_request.hpp"
#include "apps/heat/output/row_sink.hpp"
#include "runtime/caf/compat.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace weft::heat {

/// How far a run is.
struct run_progress {
  std::uint64_t iterations = 0;
  std::uint64_t iterations_max = 0;
  /// The largest change of the last iteration that was judged.
  double change = 0;
  /// How much of the run is done, 0 to 1: an estimate, as nobody knows when it
  /// converges.
  double share = 0;
  /// "iteration 1200, change 0.0123", or what it waits for.
  std::string text;
};

/// Where regions can be.
struct run_place {
  std::string node;
  /// Scheduler threads there.
  std::size_t workers = 1;
};

/// What a run needs from where it runs: this process alone, or a cluster.
struct run_seams {
  std::vector<run_place> places;
  std::function<result<caf::strong_actor_ptr>(std::size_t place, index region)>
      start_region;
  /// Empty: states are not kept, and a region that is lost begins anew.
  std::function<result<caf::strong_actor_ptr>(std::size_t place)> start_keeper;
  std::function<bool()> cancelled;
  /// Called a few times a second; may be empty.
  std::function<void(const run_progress&)> progress;
  /// The space that the regions use.
  weft::space space;
  std::int64_t run = 0;
};

/// The times of one region in the epoch that came to the end. What a region
/// spends on coordination is its share of its node's workers' time in which it
/// did not compute; at least the time in which it handled messages.
struct region_times {
  index region = 0;
  std::size_t place = 0;
  double compute_seconds = 0;
  double coordinate_seconds = 0;
};

struct run_outcome {
  run_result how;
  /// From the moment when all regions were ready to that when all stopped.
  double seconds = 0;
  std::vector<region_times> regions;
  std::uint64_t recoveries = 0;
  std::uint64_t checkpoints = 0;
  /// The iteration that the last recovery went back to.
  std::uint64_t rolled_back_to = 0;
};

/// Makes the sinks for the result; again when regions were lost while their
/// cells were fetched. They live until the next call.
using sink_maker = std::function<result<std::vector<row_sink*>>()>;

/// Runs regions to the end, hands the array to the sinks, and leaves no actor
/// and no tuple behind. Waits in the calling thread, which is that of `self`.
/// Fails with `cancelled`, with what a sink fails with, or with the last
/// trouble of a run that could not be recovered.
result<run_outcome> coordinate(caf::blocking_actor* self,
                               const run_request& what, const partition& where,
                               const run_seams& seams, const sink_maker& sinks);

} // namespace weft::heat

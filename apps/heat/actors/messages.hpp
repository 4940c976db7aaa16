#pragma once

#include "actors/hop.hpp"
#include "apps/heat/core/checkpoint_core.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/caf/real.hpp"
#include "runtime/caf/type_ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What regions, keepers and the coordinator of a run say to each other;
/// halos and changes go through the space.
namespace weft::heat {

template <class Inspector>
auto inspect(Inspector& f, band_place& x) {
  return fields(f, x, "heat::band", "region", x.region, "block", x.block,
                "offset", x.offset, "bytes_total", x.bytes_total);
}

/// The keeper of a place.
struct keeper_at {
  std::uint32_t place = 0;
  caf::strong_actor_ptr keeper;

  friend bool operator==(const keeper_at&, const keeper_at&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, keeper_at& x) {
  return fields(f, x, "heat::keeper_at", "place", x.place, "keeper", x.keeper);
}

/// To a region: get ready to compute from this block on.
struct begin_epoch {
  std::uint64_t epoch = 0;
  std::uint64_t block = 0;
  /// Who holds its state before the block; empty for block 0.
  std::vector<keeper_at> from;
  /// Who gets its states from now on.
  std::vector<keeper_at> to;
  caf::strong_actor_ptr coordinator;

  friend bool operator==(const begin_epoch&, const begin_epoch&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, begin_epoch& x) {
  return fields(f, x, "heat::begin", "epoch", x.epoch, "block", x.block, "from",
                x.from, "to", x.to, "coordinator", x.coordinator);
}

/// To a region: all are ready.
struct go_epoch {
  std::uint64_t epoch = 0;

  friend bool operator==(const go_epoch&, const go_epoch&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, go_epoch& x) {
  return fields(f, x, "heat::go", "epoch", x.epoch);
}

/// To a region that has stopped: some of its own cells, positions relative to
/// its first; at most `band_bytes_max`.
struct read_cells {
  std::uint64_t epoch = 0;
  std::int64_t row = 0;
  std::int64_t rows = 0;
  std::int64_t column = 0;
  std::int64_t columns = 0;

  friend bool operator==(const read_cells&, const read_cells&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, read_cells& x) {
  return fields(f, x, "heat::read", "epoch", x.epoch, "row", x.row, "rows",
                x.rows, "column", x.column, "columns", x.columns);
}

/// From a region: it has its state.
struct region_ready {
  std::int64_t region = 0;
  std::uint64_t epoch = 0;

  friend bool operator==(const region_ready&, const region_ready&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, region_ready& x) {
  return fields(f, x, "heat::ready", "region", x.region, "epoch", x.epoch);
}

/// From a region: these places hold its state before the block.
struct region_kept {
  std::int64_t region = 0;
  std::uint64_t epoch = 0;
  std::uint64_t block = 0;
  std::vector<std::uint32_t> places;

  friend bool operator==(const region_kept&, const region_kept&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, region_kept& x) {
  return fields(f, x, "heat::kept", "region", x.region, "epoch", x.epoch,
                "block", x.block, "places", x.places);
}

/// From the first region, a few times a second.
struct region_progressed {
  std::uint64_t epoch = 0;
  std::uint64_t block = 0;
  /// The largest change of the last iteration that was judged.
  real change;

  friend bool operator==(const region_progressed&,
                         const region_progressed&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, region_progressed& x) {
  return fields(f, x, "heat::progress", "epoch", x.epoch, "block", x.block,
                "change", x.change);
}

/// From a region: the run is over, and all that it wrote into the space has
/// arrived there.
struct region_stopped {
  std::int64_t region = 0;
  std::uint64_t epoch = 0;
  std::uint64_t iterations = 0;
  bool converged = false;
  real final_change;
  /// Of this epoch: computing; all else that it did; all, waiting included.
  std::int64_t compute_ns = 0;
  std::int64_t handling_ns = 0;
  std::int64_t total_ns = 0;

  friend bool operator==(const region_stopped&,
                         const region_stopped&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, region_stopped& x) {
  return fields(f, x, "heat::stopped", "region", x.region, "epoch", x.epoch,
                "iterations", x.iterations, "converged", x.converged,
                "final_change", x.final_change, "compute_ns", x.compute_ns,
                "handling_ns", x.handling_ns, "total_ns", x.total_ns);
}

/// From a region: it cannot go on in this epoch; the code is an `errc`.
struct region_troubled {
  std::int64_t region = 0;
  std::uint64_t epoch = 0;
  std::uint8_t code = 0;
  std::string message;

  friend bool operator==(const region_troubled&,
                         const region_troubled&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, region_troubled& x) {
  return fields(f, x, "heat::trouble", "region", x.region, "epoch", x.epoch,
                "code", x.code, "message", x.message);
}

/// To a keeper: a piece of a state.
struct keep_band {
  band_place where;
  std::vector<std::uint8_t> bytes;

  friend bool operator==(const keep_band&, const keep_band&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, keep_band& x) {
  return fields(f, x, "heat::keep", "where", x.where, "bytes", x.bytes);
}

/// To a keeper: what it has from there, so many bytes at most.
struct fetch_band {
  band_place where;
  std::uint64_t bytes = 0;

  friend bool operator==(const fetch_band&, const fetch_band&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, fetch_band& x) {
  return fields(f, x, "heat::fetch", "where", x.where, "bytes", x.bytes);
}

/// To a keeper: states before earlier blocks are not needed any more.
struct forget_states {
  std::uint64_t before_block = 0;

  friend bool operator==(const forget_states&, const forget_states&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, forget_states& x) {
  return fields(f, x, "heat::forget", "before_block", x.before_block);
}

/// What a coordinator hears from its regions; it is a thread that receives.
using coordinator_inbox =
    typed_actor<void(region_ready), void(region_kept), void(region_progressed),
                void(region_stopped), void(region_troubled)>;

/// Computes one region of one run. Ends when told to, with its coordinator, or
/// when it never hears of one.
using region_actor = typed_actor<
    // Drops what it did, gets its state, answers with `region_ready`.
    void(begin_epoch),
    // Computes until the run is over; ignored for another epoch.
    void(go_epoch),
    // Cells as little-endian doubles, row-major. `not_found` unless it has
    // stopped in that epoch.
    std::vector<std::uint8_t>(read_cells), void(stop_atom), void(actors::hop)>;

/// Keeps states of regions in memory, for one run on one node. Ends when told
/// to, with the actor that the first message names, or when none comes.
using keeper_actor = typed_actor<
    // Whose run it is: its end is the keeper's.
    bool(start_atom, caf::strong_actor_ptr),
    // True; the errors of `checkpoint_core::put`.
    bool(keep_band),
    // The errors of `checkpoint_core::get`.
    std::vector<std::uint8_t>(fetch_band), void(forget_states), void(stop_atom),
    void(actors::hop)>;

} // namespace weft::heat

namespace weft::type_id {

/// Between those of weft's own actors and of users' modules.
inline constexpr caf::type_id_t heat = base + 800;

} // namespace weft::type_id

CAF_BEGIN_TYPE_ID_BLOCK(weft_heat, weft::type_id::heat)
CAF_ADD_TYPE_ID(weft_heat, (weft::heat::begin_epoch))
CAF_ADD_TYPE_ID(weft_heat, (weft::heat::go_epoch))
CAF_ADD_TYPE_ID(weft_heat, (weft::heat::read_cells))
CAF_ADD_TYPE_ID(weft_heat, (weft::heat::region_ready))
CAF_ADD_TYPE_ID(weft_heat, (weft::heat::region_kept))
CAF_ADD_TYPE_ID(weft_heat, (weft::heat::region_progressed))
CAF_ADD_TYPE_ID(weft_heat, (weft::heat::region_stopped))
CAF_ADD_TYPE_ID(weft_heat, (weft::heat::region_troubled))
CAF_ADD_TYPE_ID(weft_heat, (weft::heat::keep_band))
CAF_ADD_TYPE_ID(weft_heat, (weft::heat::fetch_band))
CAF_ADD_TYPE_ID(weft_heat, (weft::heat::forget_states))
CAF_END_TYPE_ID_BLOCK(weft_heat)

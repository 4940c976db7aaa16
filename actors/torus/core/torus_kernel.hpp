#pragma once

#include "actors/torus/core/counters.hpp"
#include "actors/torus/core/event.hpp"
#include "actors/torus/core/lattice.hpp"
#include "actors/torus/core/torus_options.hpp"
#include "actors/torus/core/torus_parts.hpp"
#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weft::torus {

struct torus_image;

/// A torus: a lattice of sites that process time-stamped events, whatever the
/// model (`model_kernel`).
///
/// It is driven in windows of virtual time:
///
///     accept(events from other tori), inject(events from outside)
///     run_until(end)
///     give crossings() to the other tori
///
/// The outcome depends on the options, the model and the events that came from
/// elsewhere, not on the order in which they came, nor on how time is cut into
/// windows. Events run as if in the order of `event`'s operator<; the handler
/// of an event touches its own site only and sends nothing that arrives at its
/// own time, so that only events of the same time and site need that order.
///
/// Once a run has failed, the torus stays as it is and does nothing more, until
/// it is restored. Not thread-safe. Nothing allocates but what says so.
class torus_kernel {
public:
  virtual ~torus_kernel() = default;
  torus_kernel(torus_kernel&&) = default;
  torus_kernel& operator=(torus_kernel&&) = delete;

  const torus_options& options() const { return parts_.options; }
  const lattice& shape() const { return parts_.shape; }
  /// The address of a site of this torus.
  address address_of(std::uint32_t site) const { return parts_.first + site; }

  /// Makes an edge from a site of this torus to any of the braid, with this
  /// delay in ticks, and across tori at least the lookahead. Where there is
  /// one, it gets the delay and keeps its place. Fails with `invalid_argument`
  /// for what is no site or no delay (1 to `edge_delay_max`), with `exhausted`
  /// above `edges_max`.
  ///
  /// *Cost*: the edges of that site.
  result<void> connect(std::uint32_t site, address to, std::uint32_t delay);

  std::uint64_t state(std::uint32_t site) const;
  void set_state(std::uint32_t site, std::uint64_t state);

  /// Takes an event from outside the braid. Refused, and counted as that, with
  /// `invalid_argument` if it is for no site of this torus, before `now` or too
  /// far ahead (`pending_set::horizon`), and with `exhausted` at capacity.
  result<void> inject(const event& what);

  /// Takes events that other tori have sent. Those for which `inject` would
  /// fail are refused, and then the run has failed, with `internal` if time
  /// or place is wrong, else with `exhausted`.
  result<void> accept(std::span<const event> what);

  /// Changes a site by so much, as the model understands it, at the present
  /// time. Counted as a correction. Fails with `unsupported` if nothing of the
  /// model can be corrected.
  result<void> correct(std::uint32_t site, std::int64_t by);

  /// Runs all events before `end`, which is not before `now`. Fails with
  /// `exhausted` when more events are there at once than `events_max`, or more
  /// are for other tori than `crossings_max`: to drop some would change the
  /// outcome.
  result<void> run_until(virtual_time end);

  /// What the last run has sent to other tori, in canonical order.
  std::span<const event> crossings() const { return parts_.crossings; }

  /// No event is before this time any more.
  virtual_time now() const { return parts_.pending.now(); }
  std::uint64_t pending() const { return parts_.pending_count; }
  const torus_counters& counters() const { return parts_.counters; }
  bool conserved() const { return parts_.counters.conserved(pending()); }

  /// Sites, their random streams, records, edges and pending events in 64 bits:
  /// equal for equal states, however they came about.
  ///
  /// *Cost*: all memory is read once.
  std::uint64_t state_hash() const;

  /// One number a site of that face, y fastest; `into` has `face_sites()`.
  void observe(side which, std::span<std::int32_t> into) const;

  /// The state as bytes: the same for the same state and counters. What is
  /// left of the last window (`crossings`) is no part of it.
  ///
  /// *Cost*: allocates; pending events are sorted.
  std::vector<std::byte> save() const;

  /// Goes back to what was saved, here or elsewhere, from a torus of the same
  /// place, lattice and model. Fails with `invalid_argument` if it is none or
  /// damaged, with `exhausted` if it has more events or edges than fit; then
  /// everything is as it was.
  ///
  /// *Cost*: allocates; as `save`.
  result<void> restore(std::span<const std::byte> image);

  /// What all arrays have together.
  std::size_t memory_bytes() const;

  /// The model and its parameters.
  virtual std::string description() const = 0;

protected:
  torus_kernel(const torus_options& options, std::size_t record_bytes)
      : parts_{options, record_bytes} {}

  /// Runs events before `end` until `step_ended` says no.
  virtual void run_steps(virtual_time end) = 0;
  virtual std::int32_t observed(std::uint64_t state) const = 0;
  /// False if the model has nothing to correct.
  virtual bool corrected(std::uint64_t& state, std::int64_t by) const = 0;

  /// Counts a time step. False when the run has failed.
  bool step_ended(std::uint64_t processed, const step_totals& sent);

  torus_parts parts_;

private:
  result<void> take(const event& what);
  void restore_edges(const torus_image& image);
  tl::unexpected<failure> refuse(failure why);
  failure no_room(const char* what, std::uint64_t count, const char* limit,
                  std::uint64_t most) const;

  std::optional<failure> failed_;
};

} // namespace weft::torus

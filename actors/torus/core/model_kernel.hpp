#pragma once

#include "actors/torus/core/event_chain.hpp"
#include "actors/torus/core/pending_set.hpp"
#include "actors/torus/core/torus_kernel.hpp"
#include "actors/torus/core/turn.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace weft::torus {

/// A torus whose model is known when it is compiled.
///
/// A `Model` has
///
///     std::string description() const;
///     std::size_t record_bytes() const;
///     void handle(turn&, address source, std::int32_t payload) const;
///     std::int32_t observe(std::uint64_t state) const;
///     void correct(std::uint64_t& state, std::int64_t by) const;  // or not
///
/// with the meaning that they have in `user_model`.
template <class Model>
class model_kernel final : public torus_kernel {
public:
  /// Of options that `check` has nothing against.
  model_kernel(const torus_options& options, Model model)
      : torus_kernel{options, model.record_bytes()}, model_{std::move(model)} {}

  std::string description() const override { return model_.description(); }

private:
  using part = pending_set::part;

  void run_steps(virtual_time end) override {
    while (parts_.pending.next_step(end))
      if (!run_step())
        return;
  }

  bool run_step() {
    const auto step = parts_.pending.take_step();
    std::uint64_t events = 0;
    bool alone = true;
    for (auto some = step; some.count > 0;) {
      const auto next = parts_.pending.next(some);
      parts_.pending.prefetch(next);
      alone &= link_to_sites(some);
      events += some.count;
      some = next;
    }
    return step_ended(events, alone ? run_each(step) : run_grouped(step));
  }

  /// Links events of the same site, latest first; `due` is the link. True if
  /// there are none.
  bool link_to_sites(part some) {
    auto* entry = parts_.pending.entries(some);
    auto position = pending_set::first_position(some);
    std::uint32_t others = 0;
    for (std::uint32_t i = 0; i < some.count; ++i) {
      auto& site = parts_.sites[entry[i].destination];
      entry[i].due = site.newest;
      others |= site.newest;
      site.newest = ++position;
    }
    return others == 0;
  }

  /// Runs a step where each event is the only one of its site. Not inlined, as
  /// the next: the turn stays in registers where its address is not taken.
  [[gnu::noinline]] step_totals run_each(part some) {
    turn at{parts_, parts_.pending.now()};
    while (some.count > 0) {
      const auto* entry = parts_.pending.entries(some);
      for (const auto* end = entry + some.count; entry != end; ++entry) {
        const auto rank = entry->rank;
        at.enter(entry->destination);
        model_.handle(at, source_of(rank), payload_of(rank));
      }
      some = released(some);
    }
    return at.totals();
  }

  /// Runs a step; all events of a site when the first of them is met.
  [[gnu::noinline]] step_totals run_grouped(part some) {
    turn at{parts_, parts_.pending.now()};
    while (some.count > 0) {
      const auto* entry = parts_.pending.entries(some);
      for (const auto* end = entry + some.count; entry != end; ++entry) {
        auto next = at.enter(entry->destination);
        if (next > 0 && parts_.pending.at(next - 1).due != 0)
          next = in_order(parts_.pending, next);
        while (next > 0) {
          const auto one = parts_.pending.at(next - 1);
          model_.handle(at, source_of(one.rank), payload_of(one.rank));
          next = one.due;
        }
      }
      some = released(some);
    }
    return at.totals();
  }

  part released(part done) {
    const auto next = parts_.pending.next(done);
    parts_.pending.release(done);
    return next;
  }

  std::int32_t observed(std::uint64_t state) const override {
    return model_.observe(state);
  }

  bool corrected(std::uint64_t& state, std::int64_t by) const override {
    if constexpr (requires { model_.correct(state, by); }) {
      model_.correct(state, by);
      return true;
    }
    return false;
  }

  Model model_;
};

} // namespace weft::torus

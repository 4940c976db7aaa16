#pragma once

#include "actors/torus/core/model_kernel.hpp"
#include "actors/torus/core/torus_options.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace weft::torus::test {

/// The tori of a braid in one thread, in windows of half a lookahead at most.
/// What crosses is given to its torus a window later, in any order.
template <class Model>
class braid_loop {
public:
  braid_loop(const torus_options& options, const Model& model,
             std::uint64_t seed)
      : options_{options}, model_{model}, random_{seed} {
    for (std::uint32_t torus = 0; torus < options.tori; ++torus)
      tori_.push_back(made(torus));
  }

  torus_kernel& torus(std::uint32_t which) { return *tori_[which]; }
  torus_kernel& torus_of(address which) {
    return *tori_[which / tori_[0]->shape().sites()];
  }
  std::uint32_t site_of(address which) const {
    return which % tori_[0]->shape().sites();
  }

  /// Runs on to this time, in windows of random lengths.
  void run_until(virtual_time end) {
    while (tori_[0]->now() < end) {
      const auto longest = std::min(end - tori_[0]->now(), longest_window());
      run_window(tori_[0]->now() + 1 + random_() % longest);
    }
    // What is still on its way belongs to the state.
    give(std::exchange(on_the_way_, {}));
  }

  /// Puts each torus into new memory by way of its image.
  void restart() {
    for (std::uint32_t which = 0; which < tori_.size(); ++which) {
      const auto image = tori_[which]->save();
      auto fresh = made(which);
      REQUIRE(fresh->restore(image));
      REQUIRE(fresh->save() == image);
      REQUIRE(fresh->state_hash() == tori_[which]->state_hash());
      tori_[which] = std::move(fresh);
    }
  }

  std::uint64_t pending() const {
    std::uint64_t sum = 0;
    for (const auto& one : tori_)
      sum += one->pending();
    return sum;
  }

  std::uint64_t processed() const {
    std::uint64_t sum = 0;
    for (const auto& one : tori_)
      sum += one->counters().processed;
    return sum;
  }

private:
  std::unique_ptr<torus_kernel> made(std::uint32_t torus) const {
    auto options = options_;
    options.torus = torus;
    REQUIRE(check(options));
    return std::make_unique<model_kernel<Model>>(options, model_);
  }

  virtual_time longest_window() const {
    return options_.tori == 1
               ? 10'000
               : std::max<virtual_time>(1, options_.lookahead / 2);
  }

  void run_window(virtual_time end) {
    const auto before = std::exchange(on_the_way_, {});
    for (auto& one : tori_) {
      require(one->run_until(end));
      const auto sent = one->crossings();
      if (!one->conserved() || !std::is_sorted(sent.begin(), sent.end()))
        FAIL("events are lost, doubled or out of order at ", end);
      on_the_way_.insert(on_the_way_.end(), sent.begin(), sent.end());
    }
    give(before);
  }

  void give(std::vector<event> events) {
    std::shuffle(events.begin(), events.end(), random_);
    for (const auto& one : events)
      require(torus_of(one.destination).accept({&one, 1}));
  }

  static void require(const result<void>& done) {
    if (!done)
      FAIL(done.error().message);
  }

  torus_options options_;
  Model model_;
  std::mt19937_64 random_;
  std::vector<std::unique_ptr<torus_kernel>> tori_;
  std::vector<event> on_the_way_;
};

} // namespace weft::torus::test

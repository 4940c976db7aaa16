#pragma once

#include "actors/torus/core/event.hpp"
#include "actors/torus/core/lattice.hpp"
#include "actors/torus/core/site.hpp"
#include "actors/torus/core/state_digest.hpp"
#include "actors/torus/core/torus_options.hpp"
#include "runtime/base/mix.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

namespace weft::torus {

/// All tori of a braid as anybody would write them first: one binary heap of
/// events in canonical order, one event after the other, no windows and no
/// crossings. What `torus_kernel` does must come to the same.
template <class Model>
class heap_torus {
public:
  /// What the handler of an event sees, as `turn`.
  class heap_turn {
  public:
    heap_turn(heap_torus& all, const event& what)
        : all_{all}, now_{what.time}, self_{what.destination} {}

    virtual_time now() const { return now_; }
    address self() const { return self_; }
    std::uint32_t site() const { return self_ % all_.shape_.sites(); }
    std::uint32_t torus() const { return self_ / all_.shape_.sites(); }
    std::uint32_t tori() const { return all_.options_.tori; }
    const lattice& shape() const { return all_.shape_; }
    std::uint64_t& state() { return all_.sites_[self_].state; }
    std::uint64_t random() { return next_random(all_.sites_[self_].random); }

    void send(address to, std::uint32_t delay, std::int32_t payload) {
      if (to / all_.shape_.sites() != torus())
        delay = std::max(delay, all_.options_.lookahead);
      all_.inject({now_ + delay, to, self_, payload});
    }

    void send_along_edges(std::int32_t received, std::int32_t payload) {
      for (auto& [to, delay] : all_.sites_[self_].edges) {
        const auto least =
            to / all_.shape_.sites() == torus() ? 1 : all_.options_.lookahead;
        delay = received > 0
                    ? std::max(least, delay - 1)
                    : std::min(all_.options_.edge_delay_max, delay + 1);
        all_.inject({now_ + delay, to, self_, payload});
      }
    }

  private:
    heap_torus& all_;
    virtual_time now_;
    address self_;
  };

  heap_torus(const torus_options& options, Model model)
      : options_{options}, shape_{*lattice::make(options.size)},
        model_{std::move(model)},
        sites_(std::size_t{options.tori} * shape_.sites()) {
    for (address which = 0; which < sites_.size(); ++which)
      sites_[which].random = stream_of(options.seed, which);
  }

  void connect(address from, address to, std::uint32_t delay) {
    if (from / shape_.sites() != to / shape_.sites())
      delay = std::max(delay, options_.lookahead);
    auto& edges = sites_[from].edges;
    const auto found =
        std::find_if(edges.begin(), edges.end(),
                     [&](const auto& one) { return one.first == to; });
    if (found == edges.end())
      edges.emplace_back(to, delay);
    else
      found->second = delay;
  }

  void set_state(address which, std::uint64_t state) {
    sites_[which].state = state;
  }
  std::uint64_t state(address which) const { return sites_[which].state; }

  void inject(const event& what) { events_.push(what); }

  void run_until(virtual_time end) {
    while (!events_.empty() && events_.top().time < end) {
      const auto next = events_.top();
      if (next.time != step_ || processed_ == 0) {
        step_ = next.time;
        done_in_step_ = 0;
      }
      events_.pop();
      ++processed_;
      ++done_in_step_;
      heap_turn at{*this, next};
      model_.handle(at, next.source, next.payload);
      at_once_max_ = std::max(at_once_max_, events_.size() + done_in_step_);
    }
  }

  std::uint64_t pending() const { return events_.size(); }
  std::uint64_t processed() const { return processed_; }
  virtual_time last_event() const { return step_; }
  /// The most events that were pending or in the same time step, of all tori.
  std::size_t at_once_max() const { return at_once_max_; }

  std::uint64_t state_hash(std::uint32_t torus) const {
    state_digest digest;
    const auto first = torus * shape_.sites();
    for (auto which = first; which < first + shape_.sites(); ++which) {
      digest.add(sites_[which].state);
      digest.add(sites_[which].random);
      for (const auto& [to, delay] : sites_[which].edges)
        digest.add(std::uint64_t{to} << 32 | delay);
    }
    for (auto left = events_; !left.empty(); left.pop())
      if (left.top().destination / shape_.sites() == torus)
        digest.add(left.top());
    return digest.value();
  }

private:
  struct heap_site {
    std::uint64_t state = 0;
    std::uint64_t random = 0;
    std::vector<std::pair<address, std::uint32_t>> edges;
  };

  struct later {
    bool operator()(const event& a, const event& b) const { return b < a; }
  };

  torus_options options_;
  lattice shape_;
  Model model_;
  std::vector<heap_site> sites_;
  std::priority_queue<event, std::vector<event>, later> events_;
  std::uint64_t processed_ = 0;
  std::uint64_t done_in_step_ = 0;
  std::size_t at_once_max_ = 0;
  virtual_time step_ = 0;
};

} // namespace weft::torus

#pragma once

#include "actors/torus/core/event.hpp"
#include "actors/torus/core/lattice.hpp"
#include "runtime/base/mix.hpp"

#include <cstdint>
#include <vector>

namespace weft::torus::test {

/// The turn of one site, for a model alone: keeps what it sends.
class recording_turn {
public:
  struct sent_event {
    address to = 0;
    std::uint32_t delay = 0;
    std::int32_t payload = 0;

    friend bool operator==(const sent_event&, const sent_event&) = default;
  };

  recording_turn(const lattice& shape, address self, std::uint32_t tori)
      : shape_{shape}, self_{self}, tori_{tori} {}

  virtual_time now() const { return 50; }
  address self() const { return self_; }
  std::uint32_t site() const { return self_ % shape_.sites(); }
  std::uint32_t torus() const { return self_ / shape_.sites(); }
  std::uint32_t tori() const { return tori_; }
  const lattice& shape() const { return shape_; }
  std::uint64_t& state() { return state_; }
  std::uint64_t random() { return next_random(stream_); }
  void send(address to, std::uint32_t delay, std::int32_t payload) {
    sent.push_back({to, delay, payload});
  }

  std::vector<sent_event> sent;

private:
  lattice shape_;
  address self_;
  std::uint32_t tori_;
  std::uint64_t state_ = 0;
  std::uint64_t stream_ = 1;
};

} // namespace weft::torus::test

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace weft {

/// Deadlines of many things, of which most are cancelled before they come:
/// hashed hierarchical timing wheels (Varghese and Lauck 1987, scheme 7), 8
/// wheels of 64 slots, a tick of about a millisecond (2^20 ns) on the lowest.
/// Deadlines are exact all the same: within the present tick each is compared.
///
/// Times are counted from the clock's epoch and are not before it; a deadline
/// that has passed is due at once. Not thread-safe.
///
/// Cost: O(1) to add and to cancel; a timer is moved 7 times at most.
class timer_wheel {
public:
  using duration = std::chrono::nanoseconds;
  using time_point =
      std::chrono::time_point<std::chrono::steady_clock, duration>;

  /// Names a timer until it is cancelled or due; never 0.
  using timer = std::uint32_t;

  static constexpr timer no_timer = 0;

  /// What the timer is for, as the caller knows it.
  struct purpose {
    std::uint8_t kind = 0;
    std::uint64_t id = 0;

    friend bool operator==(const purpose&, const purpose&) = default;
  };

  timer_wheel();

  timer add(time_point when, purpose what);

  /// Cancels a timer that is not due yet and is not `no_timer`.
  void cancel(timer which);

  /// Of a timer that is not cancelled.
  time_point deadline_of(timer which) const {
    return time_point{duration{static_cast<duration::rep>(nodes_[which].time)}};
  }

  /// Removes one timer that is due at `now`, in no order. Times must not go
  /// back.
  std::optional<purpose> next_due(time_point now);

  /// When `next_due` is to be asked again: not after the first deadline, now
  /// and then before it.
  std::optional<time_point> next_deadline() const;

  std::size_t size() const { return size_; }

private:
  static constexpr unsigned slot_bits = 6;
  static constexpr unsigned slots = 1U << slot_bits;
  static constexpr unsigned levels = 8;
  static constexpr unsigned tick_bits = 20;
  static constexpr std::uint32_t none = 0xFFFF'FFFF;
  /// The list of those that are due.
  static constexpr std::uint16_t due_list = levels * slots;

  struct node {
    std::uint64_t time = 0;
    purpose what;
    std::uint32_t previous = none;
    std::uint32_t next = none;
    std::uint16_t list = 0;
  };

  struct list {
    std::uint32_t first = none;
    /// No deadline of the list is before it.
    std::uint64_t earliest = ~std::uint64_t{0};
  };

  struct slot {
    std::uint16_t list;
    std::uint64_t first_tick;
  };

  std::optional<slot> first_slot() const;
  void place(std::uint32_t which);
  void link(std::uint32_t which, std::uint16_t into);
  void unlink(std::uint32_t which);
  void cascade(std::uint16_t from, std::uint64_t now);

  std::vector<node> nodes_;
  std::vector<std::uint32_t> free_;
  std::array<list, levels * slots + 1> lists_;
  std::array<std::uint64_t, levels> occupied_{};
  std::uint64_t tick_ = 0;
  std::size_t size_ = 0;
};

} // namespace weft

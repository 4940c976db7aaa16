#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace weft::transport {

struct admission_limits {
  /// Connections that are accepted and not yet established.
  std::size_t half_open_max = 128;
  /// Of these, how many one address may hold.
  std::size_t half_open_per_address_max = 64;
  /// Connections a second that are accepted in the long run, and how many of
  /// them may come at once; bounds the time spent on handshakes.
  std::uint32_t accepts_per_second = 256;
  std::uint32_t accept_burst = 256;
};

/// Decides which half-open connections a listener keeps. A newcomer is always
/// let in, at the cost of the oldest of its own address, or of the address
/// with the most: one that says nothing is the oldest soon, one that means it
/// is through in a few milliseconds. So silent connections cannot keep a good
/// peer out. Pure: the time is an argument. Not thread-safe.
class admission {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit admission(admission_limits limits) : limits_{limits} {}

  /// How long to wait at `now` before the next connection is accepted; zero
  /// when at once. Never more than a second.
  std::chrono::nanoseconds wait_time(time_point now);

  /// Lets in connection `id` from `address`, which takes one of the accepts.
  /// Returns the connection to give up for it; it has left. Cost: O(half-open
  /// connections).
  std::optional<std::uint64_t> arrive(std::uint64_t id,
                                      std::string_view address, time_point now);

  /// Connection `id` is established or has failed; unknown ids are ignored.
  void leave(std::uint64_t id);

  std::size_t half_open() const { return open_.size(); }

private:
  struct entry {
    std::uint64_t id;
    std::string address;
  };

  void refill(time_point now);
  std::size_t count(std::string_view address) const;
  std::uint64_t give_up_oldest(std::string_view address);
  std::string_view busiest() const;

  admission_limits limits_;
  /// Oldest first.
  std::deque<entry> open_;
  /// Accepts left, in a bucket that holds `accept_burst`.
  double tokens_ = 0;
  std::optional<time_point> filled_;
};

} // namespace weft::transport

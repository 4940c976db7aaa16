#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace weft::actors {

struct name_keeper_options {
  /// The wait after the first failed registration of a name; doubled after
  /// each further one, up to `retry_max`.
  std::chrono::nanoseconds retry_first = std::chrono::milliseconds{50};
  std::chrono::nanoseconds retry_max = std::chrono::seconds{2};
  std::chrono::nanoseconds request_timeout = std::chrono::seconds{2};
  /// Registrations under way at a time: a node with many names does not flood
  /// the registry when that comes back.
  std::size_t in_flight_max = 64;
};

/// When which name is to be registered (again), so that every kept name is
/// held as soon as the registry can be reached. Times count from any epoch,
/// the same for all calls.
class name_keeper_core {
public:
  using time = std::chrono::nanoseconds;

  /// A registration to be sent. The holder number is the caller's, the attempt
  /// number tells a late answer from the one that is waited for.
  struct claim {
    std::string name;
    std::uint64_t holder = 0;
    std::uint64_t attempt = 0;

    friend bool operator==(const claim&, const claim&) = default;
  };

  explicit name_keeper_core(const name_keeper_options& options = {});

  /// Keeps `name` for `holder` from now on, instead of an earlier holder.
  void keep(const std::string& name, std::uint64_t holder, time now);

  /// No longer keeps the name, unless it has another holder by now.
  void drop(const std::string& name, std::uint64_t holder);

  /// The registration is answered; a failed one is due again after a wait.
  void answered(const claim& what, bool held, time now);

  /// The registry is lost, and with it all that it knew or was asked.
  void registry_lost(time now);

  /// What is to be sent now: at most what `in_flight_max` leaves room for.
  std::vector<claim> take_due(time now);

  /// When `take_due` is to be called next, if at all.
  std::optional<time> next_due() const;

  bool is_held(const std::string& name) const;
  std::size_t size() const { return kept_.size(); }

private:
  enum class phase : std::uint8_t { due, in_flight, held };

  struct kept {
    std::uint64_t holder = 0;
    std::uint64_t attempt = 0;
    phase now = phase::due;
    time due_at{0};
    /// What the next failure makes the name wait.
    time wait{0};
  };

  void make_due(const std::string& name, kept& what, time at);
  void leave_phase(const std::string& name, const kept& what);

  name_keeper_options options_;
  std::map<std::string, kept> kept_;
  std::set<std::pair<time, std::string>> queue_;
  std::size_t in_flight_ = 0;
  std::uint64_t last_attempt_ = 0;
};

} // namespace weft::actors

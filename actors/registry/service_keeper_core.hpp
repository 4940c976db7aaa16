#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace weft::actors {

/// When a service is to be registered and when its heartbeats are due, so that
/// it is in the registry as soon and as long as that can be reached. Times
/// count from any epoch, the same for all calls.
class service_keeper_core {
public:
  using time = std::chrono::nanoseconds;

  enum class action : std::uint8_t { add, renew };

  struct options {
    /// Between heartbeats; a quarter of the lease leaves room for two that get
    /// lost before the service counts as degraded.
    time every{0};
    /// The wait after a failure; doubled after each further one up to `every`.
    time retry_first = std::chrono::milliseconds{50};
  };

  explicit service_keeper_core(const options& with, time now);

  /// What is to be sent now, if anything; then its answer is awaited.
  std::optional<action> take_due(time now);

  /// The registry has the service.
  void succeeded(time now);

  /// The registry has ended, and what it knew with it.
  void lost(time now);

  /// It does not know the service, and what was sent came to nothing.
  void unknown(time now);

  /// No answer, or a refusal: the same again later.
  void failed(time now);

  /// When `take_due` is to be called next; nothing while an answer is awaited.
  std::optional<time> next_due() const;

private:
  options options_;
  action next_ = action::add;
  action sent_ = action::add;
  bool awaits_answer_ = false;
  time due_;
  time wait_;
};

} // namespace weft::actors

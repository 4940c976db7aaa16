#include "runtime/module/granularity.hpp"

#include "runtime/base/assert.hpp"

#include <cstddef>
#include <utility>

namespace weft {

namespace {

double seconds(granularity_meter::clock::duration value) {
  return std::chrono::duration<double>(value).count();
}

} // namespace

job_phase granularity_meter::enter(job_phase next, clock::time_point now) {
  WEFT_ASSERT(now >= since_);
  spent_[static_cast<std::size_t>(phase_)] += now - since_;
  since_ = now;
  marked_compute_ = marked_compute_ || next == job_phase::compute;
  return std::exchange(phase_, next);
}

nlohmann::json granularity_meter::report(clock::time_point now) const {
  auto ended = *this;
  ended.enter(job_phase::other, now);
  const auto spent = [&](job_phase phase) {
    return seconds(ended.spent_[static_cast<std::size_t>(phase)]);
  };
  const auto compute =
      spent(marked_compute_ ? job_phase::compute : job_phase::other);
  const auto coordinate = spent(job_phase::coordinate);
  nlohmann::json report{{"compute_seconds", compute},
                        {"coordinate_seconds", coordinate},
                        {"ratio", nullptr}};
  if (coordinate > 0)
    report["ratio"] = compute / coordinate;
  return report;
}

} // namespace weft

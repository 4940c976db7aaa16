#include "transport/core/refusal_log.hpp"

#include "runtime/base/text.hpp"

namespace weft::transport {

bool refusal_log::admit(refusal_kind kind, time_point now) {
  if (!began_)
    began_ = now;
  return ++seen_[static_cast<std::size_t>(kind)] <= bounds_.lines_per_kind;
}

std::optional<refusal_log::time_point> refusal_log::due() const {
  for (const auto count : seen_)
    if (count > bounds_.lines_per_kind)
      return *began_ + bounds_.window;
  return std::nullopt;
}

std::optional<std::string> refusal_log::summary(time_point now, bool last) {
  if (!began_ || (!last && now < *began_ + bounds_.window))
    return std::nullopt;
  std::size_t total = 0;
  std::string kinds;
  for (std::size_t kind = 0; kind < seen_.size(); ++kind) {
    if (seen_[kind] <= bounds_.lines_per_kind)
      continue;
    const auto hidden = seen_[kind] - bounds_.lines_per_kind;
    total += hidden;
    kinds += (kinds.empty() ? ": " : ", ") + std::to_string(hidden) + " "
             + std::string{to_string(static_cast<refusal_kind>(kind))};
  }
  began_.reset();
  seen_.fill(0);
  if (total == 0)
    return std::nullopt;
  return std::to_string(total) + " more were refused in the last "
         + format_duration(bounds_.window) + " and not logged singly" + kinds;
}

} // namespace weft::transport

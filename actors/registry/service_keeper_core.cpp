#include "actors/registry/service_keeper_core.hpp"

#include <algorithm>

namespace weft::actors {

service_keeper_core::service_keeper_core(const options& with, time now)
    : options_{with}, due_{now}, wait_{with.retry_first} {}

std::optional<service_keeper_core::action>
service_keeper_core::take_due(time now) {
  if (awaits_answer_ || now < due_)
    return std::nullopt;
  awaits_answer_ = true;
  return sent_ = next_;
}

void service_keeper_core::succeeded(time now) {
  awaits_answer_ = false;
  // The first heartbeat at once: until then the service is starting.
  due_ = sent_ == action::add ? now : now + options_.every;
  if (sent_ == next_)
    next_ = action::renew;
  wait_ = options_.retry_first;
}

void service_keeper_core::lost(time now) {
  next_ = action::add;
  if (!awaits_answer_)
    due_ = now + options_.retry_first;
}

void service_keeper_core::unknown(time now) {
  next_ = action::add;
  failed(now);
}

void service_keeper_core::failed(time now) {
  awaits_answer_ = false;
  due_ = now + wait_;
  wait_ = std::min(2 * wait_, std::max(options_.every, options_.retry_first));
}

std::optional<service_keeper_core::time> service_keeper_core::next_due() const {
  if (awaits_answer_)
    return std::nullopt;
  return due_;
}

} // namespace weft::actors

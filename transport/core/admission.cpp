#include "transport/core/admission.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>
#include <map>

namespace weft::transport {

void admission::refill(time_point now) {
  const double burst = limits_.accept_burst;
  if (!filled_) {
    tokens_ = burst;
  } else if (now > *filled_) {
    const std::chrono::duration<double> passed = now - *filled_;
    tokens_ =
        std::min(burst, tokens_ + passed.count() * limits_.accepts_per_second);
  } else {
    return;
  }
  filled_ = now;
}

std::chrono::nanoseconds admission::wait_time(time_point now) {
  refill(now);
  if (tokens_ >= 1)
    return {};
  const std::chrono::duration<double> missing{(1 - tokens_)
                                              / limits_.accepts_per_second};
  using std::chrono::nanoseconds;
  return std::min(std::chrono::ceil<nanoseconds>(missing),
                  nanoseconds{std::chrono::seconds{1}});
}

std::optional<std::uint64_t>
admission::arrive(std::uint64_t id, std::string_view address, time_point now) {
  refill(now);
  tokens_ = std::max(0.0, tokens_ - 1);
  std::optional<std::uint64_t> victim;
  if (count(address) >= limits_.half_open_per_address_max)
    victim = give_up_oldest(address);
  else if (open_.size() >= limits_.half_open_max)
    victim = give_up_oldest(std::string{busiest()});
  open_.push_back({id, std::string{address}});
  return victim;
}

void admission::leave(std::uint64_t id) {
  std::erase_if(open_, [&](const entry& each) { return each.id == id; });
}

std::size_t admission::count(std::string_view address) const {
  return std::count_if(open_.begin(), open_.end(), [&](const entry& each) {
    return each.address == address;
  });
}

std::uint64_t admission::give_up_oldest(std::string_view address) {
  auto oldest =
      std::find_if(open_.begin(), open_.end(),
                   [&](const entry& each) { return each.address == address; });
  WEFT_ASSERT(oldest != open_.end());
  const auto id = oldest->id;
  open_.erase(oldest);
  return id;
}

std::string_view admission::busiest() const {
  std::map<std::string_view, std::size_t> held;
  std::string_view most = open_.front().address;
  for (const auto& each : open_)
    if (++held[each.address] > held[most])
      most = each.address;
  return most;
}

} // namespace weft::transport

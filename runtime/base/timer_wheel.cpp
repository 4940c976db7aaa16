#include "runtime/base/timer_wheel.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>
#include <bit>

namespace weft {

namespace {

std::uint64_t count_of(timer_wheel::time_point when) {
  return static_cast<std::uint64_t>(
      std::max<timer_wheel::duration::rep>(0, when.time_since_epoch().count()));
}

} // namespace

timer_wheel::timer_wheel() : nodes_(1) {}

timer_wheel::timer timer_wheel::add(time_point when, purpose what) {
  std::uint32_t which;
  if (free_.empty()) {
    which = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
  } else {
    which = free_.back();
    free_.pop_back();
  }
  nodes_[which].time = count_of(when);
  nodes_[which].what = what;
  place(which);
  ++size_;
  return which;
}

void timer_wheel::cancel(timer which) {
  unlink(which);
  free_.push_back(which);
  --size_;
}

void timer_wheel::place(std::uint32_t which) {
  const auto tick = std::max(nodes_[which].time >> tick_bits, tick_);
  const auto differing = (tick ^ tick_) | (slots - 1);
  const auto level =
      (static_cast<unsigned>(std::bit_width(differing)) - 1) / slot_bits;
  WEFT_ASSERT(level < levels);
  const auto index = (tick >> (slot_bits * level)) & (slots - 1);
  link(which, static_cast<std::uint16_t>(level * slots + index));
}

void timer_wheel::link(std::uint32_t which, std::uint16_t into) {
  auto& at = nodes_[which];
  auto& head = lists_[into];
  at.list = into;
  at.previous = none;
  at.next = head.first;
  if (head.first != none)
    nodes_[head.first].previous = which;
  head.first = which;
  head.earliest = std::min(head.earliest, at.time);
  if (into != due_list)
    occupied_[into / slots] |= std::uint64_t{1} << (into % slots);
}

void timer_wheel::unlink(std::uint32_t which) {
  const auto& at = nodes_[which];
  auto& head = lists_[at.list];
  if (at.previous != none)
    nodes_[at.previous].next = at.next;
  else
    head.first = at.next;
  if (at.next != none)
    nodes_[at.next].previous = at.previous;
  if (head.first != none)
    return;
  head.earliest = ~std::uint64_t{0};
  if (at.list != due_list)
    occupied_[at.list / slots] &= ~(std::uint64_t{1} << (at.list % slots));
}

/// The slot that begins first. A slot of a higher wheel begins before all
/// that come later on a lower one, or the other way round, but a lower wheel
/// lies within the present slot of the next.
std::optional<timer_wheel::slot> timer_wheel::first_slot() const {
  for (unsigned level = 0; level < levels; ++level) {
    if (occupied_[level] == 0)
      continue;
    const auto shift = slot_bits * level;
    const auto present = (tick_ >> shift) & (slots - 1);
    const auto ahead = occupied_[level] & (~std::uint64_t{0} << present);
    WEFT_ASSERT(ahead != 0);
    const auto index = static_cast<unsigned>(std::countr_zero(ahead));
    const auto base = (tick_ >> shift) & ~std::uint64_t{slots - 1};
    return slot{static_cast<std::uint16_t>(level * slots + index),
                (base + index) << shift};
  }
  return std::nullopt;
}

/// Moves the timers of a slot that has begun to where they belong now.
void timer_wheel::cascade(std::uint16_t from, std::uint64_t now) {
  auto next = lists_[from].first;
  lists_[from] = list{};
  occupied_[from / slots] &= ~(std::uint64_t{1} << (from % slots));
  while (next != none) {
    const auto which = next;
    next = nodes_[which].next;
    if (nodes_[which].time <= now)
      link(which, due_list);
    else
      place(which);
  }
}

std::optional<timer_wheel::purpose> timer_wheel::next_due(time_point now) {
  const auto count = count_of(now);
  const auto tick = count >> tick_bits;
  auto& due = lists_[due_list];
  while (due.first == none) {
    const auto first = first_slot();
    if (!first || first->first_tick > tick)
      break;
    tick_ = std::max(tick_, first->first_tick);
    const bool present = first->list < slots && first->first_tick == tick;
    if (present && lists_[first->list].earliest > count)
      break;
    cascade(first->list, count);
  }
  if (due.first == none) {
    tick_ = std::max(tick_, tick);
    return std::nullopt;
  }
  const auto which = due.first;
  const auto what = nodes_[which].what;
  cancel(which);
  return what;
}

std::optional<timer_wheel::time_point> timer_wheel::next_deadline() const {
  if (lists_[due_list].first != none)
    return time_point{
        duration{static_cast<duration::rep>(lists_[due_list].earliest)}};
  const auto first = first_slot();
  if (!first)
    return std::nullopt;
  return time_point{
      duration{static_cast<duration::rep>(lists_[first->list].earliest)}};
}

} // namespace weft

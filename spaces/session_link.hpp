#pragma once

#include "spaces/limits.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace weft::spaces {

/// What one end of a session sends to the other.
template <class Item>
struct session_frame {
  /// From 1, without a gap; 0: it only acknowledges.
  std::uint64_t number = 0;
  /// All frames of the other end up to this one have come.
  std::uint64_t acknowledged = 0;
  /// Empty in a frame that only acknowledges. Shared, never changed.
  std::shared_ptr<const std::vector<Item>> items;
};

/// The items of a frame to do with as one likes: taken out of it if nobody else
/// has them, as when they have just been read from bytes.
template <class Item>
std::vector<Item> items_of(std::shared_ptr<const std::vector<Item>> items) {
  if (!items)
    return {};
  // They are shared as constant and were not made so.
  if (items.use_count() == 1)
    return std::move(const_cast<std::vector<Item>&>(*items));
  return *items;
}

struct link_options {
  /// Frames on their way; further items wait and travel together.
  std::size_t frames_max = 32;
  std::size_t frame_items_max = 1024;
  /// Content of a frame; one item alone may be larger.
  std::size_t frame_bytes_max = std::size_t{1} << 20;
  /// Items that wait, and their content; there is no room for more.
  std::size_t items_max = 100'000;
  std::size_t bytes_max = std::size_t{256} << 20;
  /// Without an acknowledgement for so long, all is sent again; each time
  /// twice as long, 16 times at most.
  duration resend_after = std::chrono::seconds{2};
  /// What came is acknowledged by the next frame, or alone after so long.
  duration acknowledge_after = std::chrono::milliseconds{50};
};

/// One end of a session, which carries items over a way that may lose frames,
/// double and reorder them, so that each comes once and in order, for as long
/// as both ends live. A way that breaks and comes back loses nothing: what is
/// not acknowledged is sent again (go-back-N: Tanenbaum and Wetherall,
/// "Computer Networks", 3.4.2).
///
/// What goes out comes out of `next_frame`. Not thread-safe. Cost: O(1) an
/// item.
template <class Out, class In>
class session_link {
public:
  explicit session_link(const link_options& options = {})
      : options_{options}, patience_{options.resend_after} {}

  /// Whether an item of so many bytes may be pushed. What belongs to one that
  /// was pushed before, and must not be lost, is pushed without asking.
  bool has_room(std::size_t bytes) const {
    return waiting_.size() < options_.items_max
           && (waiting_.empty()
               || waiting_bytes_ + bytes <= options_.bytes_max);
  }

  /// Takes an item to be sent.
  void push(Out&& what, std::size_t bytes) {
    waiting_.emplace_back(std::move(what), bytes);
    waiting_bytes_ += bytes;
  }

  /// Calls `visit` with each item that was never sent, the oldest first.
  template <class Visit>
  void for_each_unsent(Visit visit) const {
    for (const auto& each : waiting_)
      visit(each.what);
  }

  /// Whether the other end may know of it: a frame was sent.
  bool has_sent() const { return last_sent_ > 0; }

  /// What is to be sent now; nothing if there is nothing, or it has to wait.
  std::optional<session_frame<Out>> next_frame(time_point now) {
    if (to_resend_ < sent_.size())
      return stamped(sent_[to_resend_++], now);
    if (!waiting_.empty() && sent_.size() < options_.frames_max) {
      sent_.push_back({++last_sent_, 0, take_items()});
      to_resend_ = sent_.size();
      return stamped(sent_.back(), now);
    }
    const bool owes =
        unacknowledged_ >= std::max<std::size_t>(options_.frames_max / 4, 1)
        || (acknowledge_at_ && *acknowledge_at_ <= now);
    if (!owes)
      return std::nullopt;
    return stamped({}, now);
  }

  /// What a frame brings: its items, or nothing when it came before, came too
  /// early, or only acknowledges.
  std::shared_ptr<const std::vector<In>> receive(session_frame<In> frame,
                                                 time_point now) {
    on_acknowledged(frame.acknowledged, now);
    if (frame.number == 0)
      return nullptr;
    ++unacknowledged_;
    if (!acknowledge_at_)
      acknowledge_at_ = now + options_.acknowledge_after;
    if (frame.number != received_ + 1)
      return nullptr;
    ++received_;
    return std::move(frame.items);
  }

  /// The way was broken and is back: all that is not acknowledged is due.
  void resend() {
    to_resend_ = 0;
    patience_ = options_.resend_after;
    resend_at_.reset();
  }

  /// Carries out what is due; then ask for frames.
  void advance(time_point now) {
    if (!resend_at_ || *resend_at_ > now)
      return;
    to_resend_ = 0;
    patience_ = std::min(2 * patience_, 16 * options_.resend_after);
    resend_at_ = now + patience_;
  }

  std::optional<time_point> next_deadline() const {
    if (resend_at_ && acknowledge_at_)
      return std::min(*resend_at_, *acknowledge_at_);
    return resend_at_ ? resend_at_ : acknowledge_at_;
  }

private:
  struct waiting_item {
    Out what;
    std::size_t bytes = 0;
  };

  session_frame<Out> stamped(session_frame<Out> frame, time_point now) {
    frame.acknowledged = received_;
    unacknowledged_ = 0;
    acknowledge_at_.reset();
    if (frame.number != 0 && !resend_at_)
      resend_at_ = now + patience_;
    return frame;
  }

  std::shared_ptr<const std::vector<Out>> take_items() {
    auto items = std::make_shared<std::vector<Out>>();
    items->reserve(std::min(waiting_.size(), options_.frame_items_max));
    std::size_t bytes = 0;
    while (!waiting_.empty() && items->size() < options_.frame_items_max) {
      auto& next = waiting_.front();
      if (!items->empty() && bytes + next.bytes > options_.frame_bytes_max)
        break;
      bytes += next.bytes;
      items->push_back(std::move(next.what));
      waiting_.pop_front();
    }
    waiting_bytes_ -= bytes;
    return items;
  }

  void on_acknowledged(std::uint64_t number, time_point now) {
    bool progress = false;
    while (!sent_.empty() && sent_.front().number <= number) {
      sent_.pop_front();
      to_resend_ -= to_resend_ > 0 ? 1 : 0;
      progress = true;
    }
    if (!progress)
      return;
    patience_ = options_.resend_after;
    resend_at_.reset();
    if (!sent_.empty())
      resend_at_ = now + patience_;
  }

  link_options options_;
  std::deque<waiting_item> waiting_;
  std::size_t waiting_bytes_ = 0;
  /// Not acknowledged, the oldest first; those from `to_resend_` on are to be
  /// sent again.
  std::deque<session_frame<Out>> sent_;
  std::size_t to_resend_ = 0;
  std::uint64_t last_sent_ = 0;
  std::uint64_t received_ = 0;
  std::size_t unacknowledged_ = 0;
  duration patience_;
  std::optional<time_point> resend_at_;
  std::optional<time_point> acknowledge_at_;
};

} // namespace weft::spaces

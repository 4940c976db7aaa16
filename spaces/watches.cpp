#include "spaces/watches.hpp"

#include <algorithm>

namespace weft::spaces {

void watches::add(ticket by, pattern what, const watch_options& options) {
  auto& one = watches_[by];
  one.options = options;
  one.interest = index_.add(std::move(what), by, by);
}

bool watches::remove(ticket by) {
  const auto found = watches_.find(by);
  if (found == watches_.end())
    return false;
  if (found->second.interest)
    index_.remove(*found->second.interest);
  watches_.erase(found);
  return true;
}

void watches::report(watch_kind kind, const tuple_id& id, const tuple& what,
                     std::deque<space_effect>& effects) {
  if (index_.empty())
    return;
  for (const auto by : index_.all(what)) {
    auto& one = watches_.at(by);
    if ((one.options.kinds & static_cast<std::uint8_t>(kind)) == 0)
      continue;
    if (one.events.size() >= one.options.buffer) {
      ++one.dropped;
      ++dropped_;
      if (one.options.overflow == overflow_policy::disconnect) {
        index_.remove(*one.interest);
        one.interest.reset();
        effects.emplace_back(effect::watch_ended{by});
        continue;
      }
      one.events.pop_front();
    } else if (one.events.empty()) {
      effects.emplace_back(effect::events_ready{by});
    }
    one.events.push_back({kind, id, what});
  }
}

std::optional<watches::fetched> watches::fetch(ticket by, std::size_t limit) {
  const auto found = watches_.find(by);
  if (found == watches_.end())
    return std::nullopt;
  auto& one = found->second;
  fetched out;
  std::size_t count = 0;
  for (std::size_t bytes = 0; count < std::min(limit, one.events.size());
       ++count) {
    bytes += one.events[count].what.content_bytes();
    if (count > 0 && bytes > call_bytes_max)
      break;
  }
  const auto end = one.events.begin() + static_cast<std::ptrdiff_t>(count);
  out.events.assign(std::make_move_iterator(one.events.begin()),
                    std::make_move_iterator(end));
  one.events.erase(one.events.begin(), end);
  out.dropped = std::exchange(one.dropped, 0);
  out.more = !one.events.empty();
  out.ended = !one.interest && !out.more;
  if (out.ended)
    watches_.erase(found);
  return out;
}

} // namespace weft::spaces

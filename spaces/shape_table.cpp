#include "spaces/shape_table.hpp"

#include <algorithm>
#include <utility>

namespace weft::spaces {

namespace {

constexpr unsigned smallest_bits = 2;

} // namespace

shape_table::shape_table()
    : lines_(std::size_t{1} << smallest_bits),
      mask_{(std::size_t{1} << smallest_bits) - 1}, shift_{32 - smallest_bits} {
}

/// Fills a place that got free in a line that was full with a key that lies
/// behind because of that (Knuth, The Art of Computer Programming 3, 6.4,
/// algorithm R, by lines).
void shape_table::close_gap(std::size_t at, unsigned index) {
  for (auto from = after(at);; from = after(from)) {
    auto& behind = lines_[from];
    const bool was_full = behind.full();
    for (unsigned i = 0; i < line::places; ++i) {
      const auto wanted = home(behind.hashes[i]);
      // It may move unless its own line lies behind the gap.
      if (behind.hashes[i] == 0
          || ((from - wanted) & mask_) < ((from - at) & mask_))
        continue;
      auto& gap = lines_[at];
      gap.hashes[index] = std::exchange(behind.hashes[i], 0);
      gap.heads[index] = behind.heads[i];
      gap.memories[index] = behind.memories[i];
      at = from;
      index = i;
      break;
    }
    if (!was_full)
      return;
  }
}

void shape_table::grow() {
  auto old = std::exchange(lines_, decltype(lines_)(lines_.size() * 2));
  mask_ = lines_.size() - 1;
  --shift_;
  groups_ = 0;
  for (const auto& each : old)
    for (unsigned i = 0; i < line::places; ++i) {
      if (each.hashes[i] == 0)
        continue;
      bool made = false;
      const auto in = claim(each.hashes[i], made);
      in.head() = each.heads[i];
      in.at->memories[in.index] = each.memories[i];
    }
}

/// Makes room for the links of an item that comes to others, and links the
/// first of them if it was alone.
void shape_table::begin_list(spot in, item which) {
  const auto head = in.oldest();
  const auto highest = std::max(head, which);
  if (highest >= links_.size())
    links_.resize(std::size_t{highest} + 1);
  if (in.many())
    return;
  links_[head] = {head, none, 1};
  in.head() |= line::many_bit;
}

void shape_table::link_front(spot in, item which, const void* memory) {
  const auto head = in.oldest();
  links_[which] = {links_[head].previous, head, links_[head].count + 1};
  links_[head].previous = which;
  in.lead_to(which, true, memory);
}

void shape_table::link_after(spot in, item which, item older) {
  const auto head = in.oldest();
  const auto next = links_[older].next;
  links_[which] = {older, next, 0};
  links_[older].next = which;
  links_[next == none ? head : next].previous = which;
  ++links_[head].count;
}

} // namespace weft::spaces

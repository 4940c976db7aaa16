#include "spaces/shape_table.hpp"

#include <utility>

namespace weft::spaces {

namespace {

constexpr std::size_t smallest_bits = 4;

} // namespace

shape_table::shape_table()
    : buckets_(std::size_t{1} << smallest_bits),
      mask_{(std::size_t{1} << smallest_bits) - 1}, shift_{32 - smallest_bits} {
}

void shape_table::reach(item which) {
  if (which >= links_.size())
    links_.resize(std::size_t{which} + 1);
}

shape_table::bucket& shape_table::claim(std::uint32_t hash) {
  auto at = home(hash);
  for (; buckets_[at].head != none; at = after(at))
    if (buckets_[at].hash == hash)
      return buckets_[at];
  if ((groups_ + 1) * 4 <= buckets_.size() * 3)
    return buckets_[at];
  grow();
  at = home(hash);
  while (buckets_[at].head != none)
    at = after(at);
  return buckets_[at];
}

void shape_table::make_single(bucket& of, item which, std::uint32_t hash) {
  of = {hash, which, 1, 0};
  links_[which] = {which | link::head_bit, which, hash};
  ++groups_;
  ++size_;
}

void shape_table::link_before(bucket& of, item which, item before) {
  auto& younger = links_[before];
  const auto older = younger.previous();
  links_[which] = {older, before, of.hash};
  links_[older].next = which;
  younger.set_previous(which);
  ++of.count;
  ++size_;
}

void shape_table::move_head(bucket& of, item to) {
  links_[of.head].previous_and_head &= ~link::head_bit;
  links_[to].previous_and_head |= link::head_bit;
  of.head = to;
}

void shape_table::insert(item which, std::uint32_t hash) {
  reach(which);
  auto& of = claim(hash);
  if (of.head == none)
    make_single(of, which, hash);
  else
    link_before(of, which, of.head);
}

void shape_table::erase(item which) {
  const auto gone = links_[which];
  const auto at = find(gone.hash);
  --size_;
  if (finger_ == which)
    finger_ = none;
  if (gone.next == which)
    return vacate(at);
  auto& of = buckets_[at];
  if (gone.is_head())
    move_head(of, gone.next);
  --of.count;
  links_[gone.previous()].next = gone.next;
  links_[gone.next].set_previous(gone.previous());
}

/// Knuth, The Art of Computer Programming 3, 6.4, algorithm R.
void shape_table::vacate(std::size_t at) {
  --groups_;
  for (auto from = after(at); buckets_[from].head != none; from = after(from)) {
    const auto wanted = home(buckets_[from].hash);
    // It may move back unless its home lies behind the gap.
    if (((from - wanted) & mask_) >= ((from - at) & mask_)) {
      buckets_[at] = buckets_[from];
      at = from;
    }
  }
  buckets_[at] = bucket{};
}

void shape_table::grow() {
  const auto old =
      std::exchange(buckets_, std::vector<bucket>(buckets_.size() * 2));
  mask_ = buckets_.size() - 1;
  --shift_;
  for (const auto& each : old) {
    if (each.head == none)
      continue;
    auto at = home(each.hash);
    while (buckets_[at].head != none)
      at = after(at);
    buckets_[at] = each;
  }
}

} // namespace weft::spaces

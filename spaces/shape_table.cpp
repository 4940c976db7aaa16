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

#include "spaces/ordered_index.hpp"

#include <algorithm>
#include <tuple>

namespace weft::spaces {

bool ordered_index::before(const node& a, const node& b) const {
  return std::tie(a.hash, a.key, a.sequence)
         < std::tie(b.hash, b.key, b.sequence);
}

/// Marsaglia's xorshift64 (2003); the upper half.
std::uint32_t ordered_index::next_priority() {
  state_ ^= state_ << 13;
  state_ ^= state_ >> 7;
  state_ ^= state_ << 17;
  return static_cast<std::uint32_t>(state_ >> 32);
}

void ordered_index::refresh(item root) {
  auto& at = nodes_[root];
  at.lowest_sequence = at.sequence;
  for (const auto below : {at.left, at.right})
    if (below != none)
      at.lowest_sequence =
          std::min(at.lowest_sequence, nodes_[below].lowest_sequence);
}

ordered_index::item ordered_index::merge(item low, item high) {
  if (low == none)
    return high;
  if (high == none)
    return low;
  if (nodes_[low].priority > nodes_[high].priority) {
    nodes_[low].right = merge(nodes_[low].right, high);
    refresh(low);
    return low;
  }
  nodes_[high].left = merge(low, nodes_[high].left);
  refresh(high);
  return high;
}

void ordered_index::split(item root, const node& at, item& low, item& high) {
  if (root == none) {
    low = high = none;
    return;
  }
  if (before(nodes_[root], at)) {
    item rest = none;
    split(nodes_[root].right, at, rest, high);
    nodes_[root].right = rest;
    low = root;
  } else {
    item rest = none;
    split(nodes_[root].left, at, low, rest);
    nodes_[root].left = rest;
    high = root;
  }
  refresh(root);
}

ordered_index::item ordered_index::insert_below(item root, item which) {
  if (root == none)
    return which;
  auto& at = nodes_[root];
  auto& added = nodes_[which];
  if (added.priority > at.priority) {
    split(root, added, added.left, added.right);
    refresh(which);
    return which;
  }
  auto& side = before(added, at) ? at.left : at.right;
  side = insert_below(side, which);
  refresh(root);
  return root;
}

ordered_index::item ordered_index::erase_below(item root, item which) {
  if (root == which)
    return merge(nodes_[root].left, nodes_[root].right);
  auto& at = nodes_[root];
  auto& side = before(nodes_[which], at) ? at.left : at.right;
  side = erase_below(side, which);
  refresh(root);
  return root;
}

void ordered_index::insert(item which, std::uint32_t hash, std::uint64_t key,
                           std::uint64_t sequence) {
  if (which >= nodes_.size())
    nodes_.resize(std::size_t{which} + 1);
  nodes_[which] = {key, sequence, sequence, hash, next_priority(), none, none};
  root_ = insert_below(root_, which);
  ++size_;
}

void ordered_index::erase(item which) {
  root_ = erase_below(root_, which);
  --size_;
}

ordered_index::cursor::cursor(const ordered_index& of, interval within)
    : index_{&of}, within_{within} {
  split(of.root_);
}

void ordered_index::cursor::add(item root, bool alone) {
  if (root == none)
    return;
  const auto& at = index_->nodes_[root];
  candidates_.push_back(
      {alone ? at.sequence : at.lowest_sequence, root, alone});
  std::push_heap(candidates_.begin(), candidates_.end(),
                 [](const candidate& a, const candidate& b) {
                   return a.sequence > b.sequence;
                 });
}

/// Goes down to the first node within, and from there along both ends.
void ordered_index::cursor::split(item root) {
  while (root != none) {
    const auto& at = index_->nodes_[root];
    if (std::tie(at.hash, at.key) < std::tie(within_.hash, within_.from)) {
      root = at.right;
    } else if (std::tie(within_.hash, within_.to) < std::tie(at.hash, at.key)) {
      root = at.left;
    } else {
      add(root, true);
      add_from(at.left);
      add_up_to(at.right);
      return;
    }
  }
}

void ordered_index::cursor::add_from(item root) {
  while (root != none) {
    const auto& at = index_->nodes_[root];
    if (std::tie(at.hash, at.key) < std::tie(within_.hash, within_.from)) {
      root = at.right;
    } else {
      add(root, true);
      add(at.right, false);
      root = at.left;
    }
  }
}

void ordered_index::cursor::add_up_to(item root) {
  while (root != none) {
    const auto& at = index_->nodes_[root];
    if (std::tie(within_.hash, within_.to) < std::tie(at.hash, at.key)) {
      root = at.left;
    } else {
      add(root, true);
      add(at.left, false);
      root = at.right;
    }
  }
}

ordered_index::item ordered_index::cursor::next() {
  const auto later = [](const candidate& a, const candidate& b) {
    return a.sequence > b.sequence;
  };
  while (!candidates_.empty()) {
    std::pop_heap(candidates_.begin(), candidates_.end(), later);
    const auto best = candidates_.back();
    candidates_.pop_back();
    if (best.alone)
      return best.root;
    const auto& at = index_->nodes_[best.root];
    add(best.root, true);
    add(at.left, false);
    add(at.right, false);
  }
  return none;
}

} // namespace weft::spaces

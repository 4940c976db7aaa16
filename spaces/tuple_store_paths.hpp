#pragma once

#include "spaces/tuple_store.hpp"

/// What every write, lookup and removal does in a store, to be inlined where
/// the store is used: without it a store cannot be linked.
namespace weft::spaces {

inline bool tuple_store::takes(const tuple& what) const {
  const auto& memory = what.memory();
  if (mixed_)
    return memory.arity() == arity_;
  return memory.signature == signature_
         && (is_exact_signature(signature_)
             || (memory.arity() == arity_ && same_kinds(memory)));
}

inline bool tuple_store::may_match(const pattern& what) const {
  const auto& wanted = what.memory();
  const auto arity = wanted.arity();
  if (arity_ != arity && (!what.open() || arity_ < arity))
    return false;
  const auto& how = what.how();
  return mixed_
         || ((leading_kinds_ & how.leading_mask) == how.leading_kinds
             && (arity <= 8 || may_match_beyond(wanted)));
}

inline void tuple_store::count_operation() {
  constexpr std::uint64_t check_every = 4096;
  if (++operations_ % check_every == 0) [[unlikely]]
    drop_unused();
}

inline tuple_store::hash_shape* tuple_store::find_shape(positions fixed) {
  for (const auto& each : shapes_)
    if (each->fixed == fixed)
      return each.get();
  return nullptr;
}

inline tuple_store::item tuple_store::insert(tuple what,
                                             std::uint64_t sequence) {
  auto which = free_;
  if (which == none) {
    which = static_cast<item>(entries_.size());
    entries_.push_back({std::move(what), sequence, 0, state::stored});
  } else {
    auto& at = entries_[which];
    free_ = at.note;
    at.what = std::move(what);
    at.sequence = sequence;
    at.note = 0;
    at.now = state::stored;
  }
  link(which);
  ++stored_;
  count_operation();
  return which;
}

inline void tuple_store::link(item which) {
  const auto& memory = entries_[which].what.memory();
  for (const auto& shape : shapes_)
    shape->table.insert(which, hash_at(memory, shape->fixed, seed_), &memory);
  for (const auto& shape : sorted_)
    add_to(*shape, which);
}

inline tuple tuple_store::remove(item which) {
  unlink(which);
  auto what = std::move(entries_[which].what);
  --stored_;
  release(which);
  count_operation();
  return what;
}

inline void tuple_store::unlink(item which) {
  const auto memory_of = [this](item of) {
    return &entries_[of].what.memory();
  };
  const auto& memory = *memory_of(which);
  for (const auto& shape : shapes_) {
    const bool known = found_.which == which && found_.fixed == shape->fixed;
    const auto hash =
        known ? found_.hash : hash_at(memory, shape->fixed, seed_);
    shape->table.erase(which, hash, memory_of);
  }
  found_.which = none;
  for (const auto& shape : sorted_)
    shape->index.erase(which);
}

inline void tuple_store::release(item which) {
  auto& at = entries_[which];
  at.now = state::free;
  at.sequence = 0;
  at.note = free_;
  free_ = which;
}

inline tuple_store::item
tuple_store::oldest(const pattern& what, std::uint64_t below, effort& spent) {
  count_operation();
  const auto& how = what.how();
  if (!how.one_of && !how.ordered) [[likely]]
    if (auto* same = find_shape(how.exact)) [[likely]] {
      same->used_at = operations_;
      ++same->lookups;
      return oldest_in(*same, what, below, spent);
    }
  return oldest_anywhere(what, below, spent);
}

/// The oldest match of one group.
inline tuple_store::item tuple_store::oldest_in(const hash_shape& shape,
                                                const pattern& what,
                                                std::uint64_t below,
                                                effort& spent) {
  const auto hash = hash_at(what.memory(), shape.fixed, seed_);
  auto found = none;
  shape.table.walk(hash, [&](item next) {
    const auto& each = entries_[next];
    if (each.sequence >= below)
      return false;
    ++spent.probes;
    if (!what.matches(each.what))
      return true;
    found = next;
    return false;
  });
  found_ = {found, hash, shape.fixed};
  return found;
}

} // namespace weft::spaces

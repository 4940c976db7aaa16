#include "spaces/interest_index.hpp"

#include <algorithm>
#include <bit>

namespace weft::spaces {

namespace {

/// `hash` with the types of the fields at these positions.
template <class TypeAt>
std::uint32_t add_types(std::uint32_t hash, positions typed, TypeAt type_at) {
  for (; typed != 0; typed &= typed - 1)
    hash = (hash + type_at(std::countr_zero(typed)) + 1) * 0x9E3779B1U;
  return hash;
}

} // namespace

std::uint32_t interest_index::hash_of(const pattern& what,
                                      const shape& in) const {
  const auto& memory = what.memory();
  return add_types(hash_at(memory, in.exact, seed_), in.typed, [&](int at) {
    return static_cast<std::uint32_t>(
        *type_of(memory.cells()[at], memory.outside()));
  });
}

std::uint32_t interest_index::hash_of(const tuple& what,
                                      const shape& in) const {
  const auto& memory = what.memory();
  return add_types(hash_at(memory, in.exact, seed_), in.typed, [&](int at) {
    return std::uint32_t{memory.cells()[at].kind};
  });
}

interest_index::shape& interest_index::shape_for(const pattern& what) {
  auto& among = what.open() ? open_ : by_arity_[what.memory().arity()];
  const auto& how = what.how();
  shape* nearest = nullptr;
  shape* unused = nullptr;
  int most = -1;
  for (const auto& each : among) {
    if (each->exact == how.exact && each->typed == how.typed)
      return *each;
    if (each->table.size() == 0)
      unused = each.get();
    if ((each->exact & ~how.exact) != 0
        || (each->typed & ~(how.exact | how.typed)) != 0)
      continue;
    const auto given =
        2 * std::popcount(each->exact) + std::popcount(each->typed);
    if (given > most) {
      most = given;
      nearest = each.get();
    }
  }
  if (among.size() >= shapes_max && unused) {
    unused->exact = how.exact;
    unused->typed = how.typed;
    return *unused;
  }
  if (among.size() >= shapes_max && nearest)
    return *nearest;
  const bool last = among.size() >= shapes_max;
  among.push_back(std::make_unique<shape>());
  among.back()->exact = last ? 0 : how.exact;
  among.back()->typed = last ? 0 : how.typed;
  return *among.back();
}

interest_index::item interest_index::add(pattern what, std::uint64_t rank,
                                         std::uint64_t owner) {
  auto& in = shape_for(what);
  const auto hash = hash_of(what, in);
  item which;
  if (free_.empty()) {
    which = static_cast<item>(entries_.size());
    entries_.push_back({std::move(what), rank, owner, &in});
  } else {
    which = free_.back();
    free_.pop_back();
    entries_[which] = {std::move(what), rank, owner, &in};
  }
  in.table.insert_ordered(which, hash, &entries_[which].what.memory(),
                          [this](item each) { return entries_[each].rank; });
  ++size_;
  return which;
}

void interest_index::remove(item which) {
  auto& gone = entries_[which];
  gone.in->table.erase(which, hash_of(gone.what, *gone.in), [this](item each) {
    return &entries_[each].what.memory();
  });
  gone.what = {};
  free_.push_back(which);
  --size_;
}

template <class Visit>
void interest_index::each_group(const tuple& what, Visit visit) {
  const auto look = [&](const shape& in) {
    if (in.table.size() == 0
        || static_cast<std::size_t>(std::bit_width(in.exact | in.typed))
               > what.size())
      return;
    in.table.walk(hash_of(what, in), visit);
  };
  if (const auto same = by_arity_.find(what.memory().arity());
      same != by_arity_.end())
    for (const auto& each : same->second)
      look(*each);
  for (const auto& each : open_)
    look(*each);
}

std::optional<std::uint64_t> interest_index::oldest_of_some(const tuple& what) {
  const entry* best = nullptr;
  each_group(what, [&](item next) {
    const auto& each = entries_[next];
    if (best && each.rank > best->rank)
      return false;
    ++probes_;
    if (!each.what.matches(what))
      return true;
    best = &each;
    return false;
  });
  if (!best)
    return std::nullopt;
  return best->owner;
}

std::vector<std::uint64_t> interest_index::all(const tuple& what) {
  std::vector<const entry*> found;
  if (size_ > 0)
    each_group(what, [&](item next) {
      ++probes_;
      if (entries_[next].what.matches(what))
        found.push_back(&entries_[next]);
      return true;
    });
  std::sort(found.begin(), found.end(),
            [](const entry* a, const entry* b) { return a->rank < b->rank; });
  std::vector<std::uint64_t> owners;
  owners.reserve(found.size());
  for (const auto* each : found)
    owners.push_back(each->owner);
  return owners;
}

} // namespace weft::spaces

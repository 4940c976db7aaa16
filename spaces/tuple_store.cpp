#include "spaces/tuple_store_paths.hpp"

#include <algorithm>
#include <bit>

namespace weft::spaces {

namespace {

constexpr positions head_field = 1;

} // namespace

tuple_store::tuple_store(const tuple& like, bool mixed,
                         const shape_policy& policy, std::uint64_t seed)
    : arity_{like.memory().arity()}, mixed_{mixed},
      signature_{mixed ? 0 : like.memory().signature}, policy_{policy},
      seed_{seed}, leading_kinds_{leading_kinds(like.memory())} {
  if (!mixed)
    for (std::size_t i = 0; i < arity_; ++i)
      kinds_ += static_cast<char>(like.memory().cells()[i].kind);
  shapes_.push_back(std::make_unique<hash_shape>());
  shapes_.back()->fixed = head_field;
}

bool tuple_store::same_kinds(const block& of) const {
  for (std::size_t i = 0; i < arity_; ++i)
    if (of.cells()[i].kind != static_cast<std::uint8_t>(kinds_[i]))
      return false;
  return true;
}

/// Beyond the first 8 fields.
bool tuple_store::may_match_beyond(const block& wanted) const {
  for (std::size_t i = 8; i < wanted.arity(); ++i) {
    const auto type = type_of(wanted.cells()[i], wanted.outside());
    if (type && static_cast<char>(*type) != kinds_[i])
      return false;
  }
  return true;
}

void tuple_store::hide(item which) {
  unlink(which);
  entries_[which].now = state::hidden;
  --stored_;
  ++hidden_;
}

void tuple_store::show(item which) {
  entries_[which].now = state::stored;
  link_in_order(which);
  ++stored_;
  --hidden_;
}

void tuple_store::forget(item which) {
  entries_[which].what = {};
  --hidden_;
  release(which);
}

void tuple_store::link_in_order(item which) {
  const auto& memory = entries_[which].what.memory();
  const auto order = [this](item of) { return entries_[of].sequence; };
  for (const auto& shape : shapes_)
    shape->table.insert_ordered(which, hash_at(memory, shape->fixed, seed_),
                                &memory, order);
  for (const auto& shape : sorted_)
    add_to(*shape, which);
}

void tuple_store::add_to(sorted_shape& to, item which) {
  const auto& memory = entries_[which].what.memory();
  const auto& by = memory.cells()[to.by];
  to.index.insert(which, with_type(hash_at(memory, to.fixed, seed_), by.kind),
                  order_key(by, memory.outside()), entries_[which].sequence);
}

std::uint32_t tuple_store::hash_of(const question& of, positions at) const {
  if ((at & of.alternative_at) == 0)
    return hash_at(of.what.memory(), at, seed_);
  const auto& memory = of.what.memory();
  auto state = seed_;
  for (auto left = at; left != 0; left &= left - 1) {
    const auto position = std::countr_zero(left);
    const bool alternative = (of.alternative_at >> position & 1) != 0;
    const auto& each = alternative ? *of.alternative : memory.cells()[position];
    state = hash(each, memory.outside(), state);
  }
  return static_cast<std::uint32_t>(state >> 32);
}

/// One question, or one for each alternative of the first one-of.
template <class Ask>
void tuple_store::ask_each(const pattern& what, Ask ask) {
  const auto& how = what.how();
  if (!how.one_of)
    return ask(question{what, how.exact});
  const auto& memory = what.memory();
  const auto& at = memory.cells()[*how.one_of];
  const auto bit = positions{1} << *how.one_of;
  for (std::size_t i = 0; i < at.size(); ++i)
    ask(question{what, how.exact | bit, parts_of(at, memory.outside()) + i,
                 bit});
}

template <class Visit>
void tuple_store::walk(const source& where, const question& of, Visit visit) {
  if (where.hashed) {
    where.hashed->table.walk(where.hash, visit);
  } else if (where.sorted) {
    const auto& memory = of.what.memory();
    const auto keys =
        keys_of(memory.cells()[where.sorted->by], memory.outside());
    const auto hash =
        with_type(where.hash, static_cast<std::uint8_t>(keys.type));
    ordered_index::cursor cursor{where.sorted->index,
                                 {hash, keys.from, keys.to}};
    auto next = cursor.next();
    while (next != ordered_index::none && visit(next))
      next = cursor.next();
  }
}

tuple_store::item tuple_store::oldest_anywhere(const pattern& what,
                                               std::uint64_t below,
                                               effort& spent) {
  auto best = none;
  ask_each(what, [&](const question& of) {
    const auto where = choose(of, spent);
    walk(where, of, [&](item each) {
      const auto& entry = entries_[each];
      if (entry.sequence >= below)
        return false;
      ++spent.probes;
      if (!what.matches(entry.what))
        return true;
      best = each;
      below = entry.sequence;
      return false;
    });
  });
  return best;
}

void tuple_store::collect(const pattern& what, std::size_t limit,
                          std::vector<item>& to, effort& spent) {
  ask_each(what, [&](const question& of) {
    const auto where = choose(of, spent);
    auto left = limit;
    walk(where, of, [&](item each) {
      if (left == 0)
        return false;
      ++spent.probes;
      if (what.matches(entries_[each].what)) {
        to.push_back(each);
        --left;
      }
      return true;
    });
  });
  count_operation();
}

void tuple_store::prefetch(const pattern& what, bool item_too) const {
  const auto fixed = what.how().exact;
  for (const auto& each : shapes_) {
    if (each->fixed != fixed)
      continue;
    const auto hash = hash_at(what.memory(), fixed, seed_);
    if (!item_too)
      return each->table.prefetch(hash);
    if (const auto first = each->table.prefetch_first(hash); first != none)
      __builtin_prefetch(&entries_[first]);
    return;
  }
}

tuple_store::sorted_shape* tuple_store::find_sorted(positions fixed,
                                                    std::uint8_t by) {
  for (const auto& each : sorted_)
    if (each->fixed == fixed && each->by == by)
      return each.get();
  return nullptr;
}

tuple_store::source tuple_store::choose(const question& of, effort& spent) {
  auto* same = find_shape(of.fixed);
  if (!same || of.what.how().ordered)
    return choose_slowly(of, same, spent);
  same->used_at = operations_;
  ++same->lookups;
  return {same, nullptr, hash_of(of, of.fixed)};
}

tuple_store::source tuple_store::choose_slowly(const question& of,
                                               hash_shape* same,
                                               effort& spent) {
  if (stored_ == 0)
    return {};
  hash_shape* best = nullptr;
  std::uint32_t best_hash = 0;
  auto fewest = ~std::size_t{0};
  for (const auto& each : shapes_) {
    if ((each->fixed & ~of.fixed) != 0)
      continue;
    const auto hash = hash_of(of, each->fixed);
    const auto count = each->table.group_size(hash);
    if (count < fewest) {
      best = each.get();
      best_hash = hash;
      fewest = count;
    }
  }
  const auto use = [this](auto* shape) {
    shape->used_at = operations_;
    ++shape->lookups;
  };
  if (best && fewest <= policy_.few) {
    use(best);
    return {best, nullptr, best_hash};
  }
  const auto hash = hash_of(of, of.fixed);
  if (const auto by = of.what.how().ordered) {
    auto* sorted = find_sorted(of.fixed, *by);
    if (!sorted)
      sorted = build_sorted(of.fixed, *by, spent);
    if (sorted) {
      use(sorted);
      return {nullptr, sorted, hash};
    }
  } else if (!same && (same = build(of.fixed, spent))) {
    use(same);
    return {same, nullptr, hash};
  }
  if (!best) {
    best = build(0, spent);
    best_hash = hash_of(of, 0);
  }
  use(best);
  return {best, nullptr, best_hash};
}

std::vector<tuple_store::item> tuple_store::in_order() const {
  std::vector<item> items;
  items.reserve(stored_);
  for (item i = 0; i < entries_.size(); ++i)
    if (entries_[i].now == state::stored)
      items.push_back(i);
  std::sort(items.begin(), items.end(), [this](item a, item b) {
    return entries_[a].sequence < entries_[b].sequence;
  });
  return items;
}

/// The shape of no position is not counted: it is what is left to look into
/// when there is no room for another.
std::size_t tuple_store::capped_shapes() const {
  const auto all = [](const auto& each) { return each->fixed == 0; };
  return shapes_.size() + sorted_.size()
         - static_cast<std::size_t>(
             std::count_if(shapes_.begin(), shapes_.end(), all));
}

bool tuple_store::make_room() {
  if (capped_shapes() < policy_.shapes_max)
    return true;
  auto coldest = operations_;
  const auto look = [&coldest](const auto& shapes) {
    auto found = shapes.size();
    for (std::size_t i = 0; i < shapes.size(); ++i)
      if (shapes[i]->used_at < coldest && shapes[i]->fixed != 0) {
        coldest = shapes[i]->used_at;
        found = i;
      }
    return found;
  };
  const auto hashed = look(shapes_);
  const auto sorted = look(sorted_);
  if (operations_ - coldest <= policy_.cold_after)
    return false;
  if (sorted < sorted_.size())
    sorted_.erase(sorted_.begin() + static_cast<std::ptrdiff_t>(sorted));
  else
    shapes_.erase(shapes_.begin() + static_cast<std::ptrdiff_t>(hashed));
  return true;
}

tuple_store::hash_shape* tuple_store::build(positions fixed, effort& spent) {
  drop_unasked();
  if (fixed != 0 && !make_room())
    return nullptr;
  auto made = std::make_unique<hash_shape>();
  made->fixed = fixed;
  for (const auto each : in_order())
    made->table.insert(each, hash_at(at(each).memory(), fixed, seed_),
                       &at(each).memory());
  ++spent.builds;
  shapes_.push_back(std::move(made));
  return shapes_.back().get();
}

tuple_store::sorted_shape*
tuple_store::build_sorted(positions fixed, std::uint8_t by, effort& spent) {
  drop_unasked();
  if (!make_room())
    return nullptr;
  auto made = std::make_unique<sorted_shape>(
      sorted_shape{fixed, by, 0, 0, ordered_index{seed_ ^ operations_}});
  for (const auto each : in_order())
    add_to(*made, each);
  ++spent.builds;
  sorted_.push_back(std::move(made));
  return sorted_.back().get();
}

void tuple_store::drop_unused() {
  const auto patience =
      8 * std::max<std::uint64_t>(policy_.cold_after, stored_);
  const auto unused = [this, patience](const auto& each) {
    return operations_ - each->used_at > patience;
  };
  std::erase_if(shapes_, unused);
  std::erase_if(sorted_, unused);
}

/// Drops the head field's shape when another is built and it was never used:
/// every write and every removal would have to keep it.
void tuple_store::drop_unasked() {
  std::erase_if(shapes_, [](const auto& each) { return each->lookups == 0; });
}

std::vector<shape_statistics> tuple_store::statistics() const {
  shape_statistics common;
  common.arity = arity_;
  common.types = mixed_ ? "*" : "";
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    common.types += i > 0 ? "," : "";
    common.types += to_string(static_cast<field_type>(kinds_[i]));
  }
  std::vector<shape_statistics> all;
  const auto add = [&all, &common](positions fixed) -> shape_statistics& {
    auto& one = all.emplace_back(common);
    for (; fixed != 0; fixed &= fixed - 1)
      one.fixed.push_back(static_cast<std::size_t>(std::countr_zero(fixed)));
    return one;
  };
  for (const auto& each : shapes_) {
    auto& one = add(each->fixed);
    one.tuples = each->table.size();
    one.groups = each->table.groups();
    one.lookups = each->lookups;
  }
  for (const auto& each : sorted_) {
    auto& one = add(each->fixed);
    one.ordered = each->by;
    one.tuples = one.groups = each->index.size();
    one.lookups = each->lookups;
  }
  return all;
}

} // namespace weft::spaces

#include "spaces/tuple_index.hpp"

#include "spaces/tuple_store_paths.hpp"

#include <algorithm>

namespace weft::spaces {

/// When no typed store takes the tuple.
std::uint32_t tuple_index::new_store_for(const tuple& what) {
  const auto arity = what.memory().arity();
  if (arity >= by_arity_.size())
    by_arity_.resize(std::size_t{arity} + 1);
  const auto& same = by_arity_[arity];
  // Types that only hash like another store's are kept apart, as mixed.
  const bool alike = std::any_of(same.begin(), same.end(), [&](auto each) {
    return stores_[each]->signature() == what.memory().signature;
  });
  if (!alike && typed_stores_ < typed_stores_max)
    return add_store(what, false);
  if (const auto empty = empty_store(); !alike && empty) {
    auto& old = by_arity_[stores_[*empty]->arity()];
    std::erase(old, *empty);
    stores_[*empty] =
        std::make_unique<tuple_store>(what, false, policy_, seed_);
    by_arity_[arity].push_back(*empty);
    return *empty;
  }
  for (const auto each : same)
    if (stores_[each]->mixed())
      return each;
  return add_store(what, true);
}

std::uint32_t tuple_index::add_store(const tuple& like, bool mixed) {
  stores_.push_back(std::make_unique<tuple_store>(like, mixed, policy_, seed_));
  const auto number = static_cast<std::uint32_t>(stores_.size() - 1);
  by_arity_[like.memory().arity()].push_back(number);
  typed_stores_ += mixed ? 0 : 1;
  return number;
}

std::optional<std::uint32_t> tuple_index::empty_store() const {
  for (std::uint32_t i = 0; i < stores_.size(); ++i)
    if (!stores_[i]->mixed() && stores_[i]->size() == 0
        && stores_[i]->hidden() == 0)
      return i;
  return std::nullopt;
}

std::uint32_t tuple_index::store_for(const tuple& what) {
  const auto arity = what.memory().arity();
  if (arity < by_arity_.size()) [[likely]]
    for (const auto each : by_arity_[arity])
      if (!stores_[each]->mixed() && stores_[each]->takes(what)) [[likely]]
        return each;
  return new_store_for(what);
}

tuple_id tuple_index::insert_as(tuple what, std::uint64_t sequence) {
  const auto store = store_for(what);
  content_bytes_ += what.content_bytes();
  ++stored_;
  next_sequence_ = std::max(next_sequence_, sequence + 1);
  return {sequence, {store, stores_[store]->insert(std::move(what), sequence)}};
}

place tuple_index::resolve(const tuple_id& id) const {
  const auto by_number = [](const tuple_id& a, std::uint64_t sequence) {
    return a.sequence < sequence;
  };
  const auto moved = std::lower_bound(restored_.begin(), restored_.end(),
                                      id.sequence, by_number);
  const bool found = moved != restored_.end() && moved->sequence == id.sequence;
  return found ? moved->at : id.at;
}

std::optional<place> tuple_index::find(const tuple_id& id) const {
  const auto at = find_any(id);
  if (!at || !of(*at).is_stored(at->item))
    return std::nullopt;
  return at;
}

std::optional<place> tuple_index::find_any(const tuple_id& id) const {
  const auto at = restored_.empty() ? id.at : resolve(id);
  if (at.store >= stores_.size())
    return std::nullopt;
  const auto& store = *stores_[at.store];
  if ((!store.is_stored(at.item) && !store.is_hidden(at.item))
      || store.sequence_of(at.item) != id.sequence)
    return std::nullopt;
  return at;
}

template <class Visit>
void tuple_index::each_store(const pattern& what, Visit visit) {
  const std::size_t arity = what.memory().arity();
  if (arity >= by_arity_.size())
    return;
  const auto end = what.open() ? by_arity_.size() : arity + 1;
  for (auto i = arity; i < end; ++i)
    for (const auto number : by_arity_[i])
      if (stores_[number]->may_match(what)) {
        ++lookups_;
        visit(number);
      }
}

place tuple_index::find_oldest(const pattern& what) {
  auto store = nowhere.store;
  auto item = nowhere.item;
  auto below = ~std::uint64_t{0};
  each_store(what, [&](std::uint32_t number) {
    auto& in = *stores_[number];
    const auto found = in.oldest(what, below, spent_);
    if (found == tuple_store::none)
      return;
    store = number;
    item = found;
    below = in.sequence_of(found);
  });
  return {store, item};
}

std::vector<place> tuple_index::oldest(const pattern& what, std::size_t limit) {
  std::vector<place> places;
  std::vector<tuple_store::item> items;
  std::size_t sources = 0;
  each_store(what, [&](std::uint32_t number) {
    items.clear();
    stores_[number]->collect(what, limit, items, spent_);
    for (const auto each : items)
      places.push_back({number, each});
    ++sources;
  });
  if (sources > 1 || what.how().one_of) {
    std::sort(places.begin(), places.end(), [this](place a, place b) {
      return of(a).sequence_of(a.item) < of(b).sequence_of(b.item);
    });
    places.erase(std::unique(places.begin(), places.end()), places.end());
  }
  if (places.size() > limit)
    places.resize(limit);
  return places;
}

std::size_t tuple_index::content_bytes(std::span<const place> of) const {
  std::size_t sum = 0;
  for (const auto each : of)
    sum += at(each).content_bytes();
  return sum;
}

std::uint64_t tuple_index::count(const pattern& what) {
  return oldest(what, ~std::size_t{0}).size();
}

tuple tuple_index::remove(place which) {
  auto gone = of(which).remove(which.item);
  content_bytes_ -= gone.content_bytes();
  --stored_;
  return gone;
}

void tuple_index::hide(place which) {
  of(which).hide(which.item);
  --stored_;
}

void tuple_index::show(place which) {
  of(which).show(which.item);
  ++stored_;
}

void tuple_index::forget(place which) {
  content_bytes_ -= at(which).content_bytes();
  of(which).forget(which.item);
}

void tuple_index::prefetch(std::span<const pattern* const> patterns) const {
  for (const bool items : {false, true})
    for (const auto* each : patterns) {
      const auto arity = each->memory().arity();
      if (each->open() || arity >= by_arity_.size())
        continue;
      for (const auto number : by_arity_[arity])
        if (stores_[number]->may_match(*each))
          stores_[number]->prefetch(*each, items);
    }
}

std::uint64_t tuple_index::oldest_sequence() const {
  auto lowest = ~std::uint64_t{0};
  for (const auto& store : stores_)
    store->each([&](tuple_store::item item) {
      if (store->is_stored(item))
        lowest = std::min(lowest, store->sequence_of(item));
    });
  return stored_ == 0 ? 0 : lowest;
}

std::vector<place> tuple_index::all() const {
  std::vector<place> places;
  for (std::uint32_t i = 0; i < stores_.size(); ++i)
    stores_[i]->each([&](tuple_store::item item) {
      places.push_back({i, item});
    });
  std::sort(places.begin(), places.end(), [this](place a, place b) {
    return of(a).sequence_of(a.item) < of(b).sequence_of(b.item);
  });
  return places;
}

void tuple_index::clear() {
  stores_.clear();
  by_arity_.clear();
  restored_.clear();
  typed_stores_ = 0;
  stored_ = 0;
  content_bytes_ = 0;
}

index_statistics tuple_index::statistics() const {
  index_statistics all;
  all.tuples = stored_;
  all.content_bytes = content_bytes_;
  all.probes = spent_.probes;
  all.lookups = lookups_;
  all.shapes_built = spent_.builds;
  for (const auto& store : stores_) {
    all.hidden += store->hidden();
    for (auto& shape : store->statistics())
      all.shapes.push_back(std::move(shape));
  }
  return all;
}

void tuple_index::restored(std::uint64_t last_sequence) {
  restored_.clear();
  for (const auto each : all())
    restored_.push_back(id_of(each));
  next_sequence_ = std::max(next_sequence_, last_sequence + 1);
}

} // namespace weft::spaces

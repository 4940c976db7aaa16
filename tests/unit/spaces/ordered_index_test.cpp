#include "spaces/ordered_index.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace weft::spaces {

namespace {

using item = ordered_index::item;

std::vector<item> within(const ordered_index& index,
                         ordered_index::interval which) {
  std::vector<item> items;
  ordered_index::cursor cursor{index, which};
  for (auto i = cursor.next(); i != ordered_index::none; i = cursor.next())
    items.push_back(i);
  return items;
}

} // namespace

TEST_CASE("items of an interval come by their sequence numbers") {
  ordered_index index{1};
  index.insert(0, 7, 50, 3);
  index.insert(1, 7, 10, 2);
  index.insert(2, 7, 30, 1);
  index.insert(3, 8, 30, 0);
  CHECK(within(index, {7, 0, 100}) == std::vector<item>{2, 1, 0});
  CHECK(within(index, {7, 10, 30}) == std::vector<item>{2, 1});
  CHECK(within(index, {7, 11, 29}).empty());
  CHECK(within(index, {8, 30, 30}) == std::vector<item>{3});
  index.erase(2);
  CHECK(within(index, {7, 0, 100}) == std::vector<item>{1, 0});
}

TEST_CASE("an ordered index is what a sorted list is") {
  const auto seed = std::random_device{}();
  MESSAGE("seed ", seed);
  std::mt19937 random{seed};
  struct kept {
    std::uint32_t hash;
    std::uint64_t key;
    std::uint64_t sequence;
  };
  ordered_index index{seed};
  std::map<item, kept> there;
  for (int step = 0; step < 5'000; ++step) {
    const item which = random() % 200;
    if (there.erase(which) > 0) {
      index.erase(which);
    } else {
      const kept fresh{static_cast<std::uint32_t>(random() % 3), random() % 20,
                       random()};
      there[which] = fresh;
      index.insert(which, fresh.hash, fresh.key, fresh.sequence);
    }
    REQUIRE(index.size() == there.size());
    ordered_index::interval asked{static_cast<std::uint32_t>(random() % 3),
                                  random() % 20, random() % 20};
    std::vector<std::pair<std::uint64_t, item>> wanted;
    for (const auto& [id, each] : there)
      if (each.hash == asked.hash && each.key >= asked.from
          && each.key <= asked.to)
        wanted.emplace_back(each.sequence, id);
    std::sort(wanted.begin(), wanted.end());
    const auto found = within(index, asked);
    REQUIRE(found.size() == wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      REQUIRE(there.at(found[i]).sequence == wanted[i].first);
  }
}

} // namespace weft::spaces

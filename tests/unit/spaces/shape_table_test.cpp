#include "spaces/shape_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace weft::spaces {

namespace {

using item = shape_table::item;

const auto no_memory = [](item) { return nullptr; };

std::vector<item> group(const shape_table& table, std::uint32_t hash) {
  std::vector<item> items;
  table.walk(hash, [&items](item each) {
    items.push_back(each);
    return true;
  });
  return items;
}

} // namespace

TEST_CASE("items of a hash are walked in the order of their insertion") {
  shape_table table;
  for (const item each : {5, 2, 9})
    table.insert(each, 7, nullptr);
  table.insert(3, 8, nullptr);
  CHECK(group(table, 7) == std::vector<item>{5, 2, 9});
  CHECK(group(table, 8) == std::vector<item>{3});
  CHECK(group(table, 9).empty());
  CHECK(table.group_size(7) == 3);
  CHECK(table.groups() == 2);
  table.erase(2, 7, no_memory);
  CHECK(group(table, 7) == std::vector<item>{5, 9});
  table.erase(5, 7, no_memory);
  table.erase(9, 7, no_memory);
  CHECK(group(table, 7).empty());
  CHECK(table.groups() == 1);
  CHECK(table.size() == 1);
}

TEST_CASE("an item is put back where its order says") {
  const auto order = [](item of) { return of; };
  for (const auto& back : std::vector<std::vector<item>>{
           {0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {1, 3, 0, 2}}) {
    shape_table table;
    for (item i = 0; i < 6; ++i)
      table.insert(i, 7, nullptr);
    for (item i = 0; i < 4; ++i)
      table.erase(i, 7, no_memory);
    for (const auto each : back)
      table.insert_ordered(each, 7, nullptr, order);
    CHECK(group(table, 7) == std::vector<item>{0, 1, 2, 3, 4, 5});
  }
}

/// Compares a table with a map, of items whose hashes are `spread` apart.
void check_against_map(std::uint32_t spread) {
  const auto seed = std::random_device{}();
  MESSAGE("seed ", seed, ", hashes ", spread, " apart");
  std::mt19937 random{seed};
  const auto any_hash = [&] {
    const auto hash = static_cast<std::uint32_t>(random() % 41 - 20) * spread;
    return hash == 0 ? spread * 21 : hash;
  };
  shape_table table;
  std::map<std::uint32_t, std::vector<item>> wanted;
  std::map<item, std::uint32_t> there;
  for (int step = 0; step < 20'000; ++step) {
    const item which = random() % 300;
    if (const auto found = there.find(which); found != there.end()) {
      table.erase(which, found->second, no_memory);
      std::erase(wanted[found->second], which);
      there.erase(found);
    } else {
      const auto hash = any_hash();
      auto& list = wanted[hash];
      if (random() % 2 == 0) {
        table.insert(which, hash, nullptr);
        list.push_back(which);
      } else {
        const auto order = [&](item of) {
          const auto at = std::find(list.begin(), list.end(), of);
          return at == list.end() ? list.size() : at - list.begin();
        };
        table.insert_ordered(which, hash, nullptr, order);
        list.push_back(which);
      }
      there[which] = hash;
    }
    const auto hash = any_hash();
    REQUIRE(group(table, hash) == wanted[hash]);
    REQUIRE(table.group_size(hash) == wanted[hash].size());
    REQUIRE(table.size() == there.size());
  }
}

TEST_CASE("a table is what a map of lists is") {
  check_against_map(0x0600'0000);
}

TEST_CASE("a table is what a map of lists is though its hashes crowd") {
  // They belong into the first and the last line.
  check_against_map(1);
}

TEST_CASE("a place that gets free in a full line is filled again") {
  shape_table table;
  // All belong into one line, which holds four.
  for (item i = 0; i < 12; ++i)
    table.insert(i, i + 1, nullptr);
  for (item i = 0; i < 12; i += 2)
    table.erase(i, i + 1, no_memory);
  CHECK(table.groups() == 6);
  for (item i = 1; i < 12; i += 2)
    CHECK(group(table, i + 1) == std::vector<item>{i});
  for (item i = 0; i < 12; i += 2)
    CHECK(group(table, i + 1).empty());
}

} // namespace weft::spaces

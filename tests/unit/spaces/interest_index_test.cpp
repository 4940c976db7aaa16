#include "spaces/interest_index.hpp"
#include "tests/unit/spaces/support.hpp"

#include <random>

namespace weft::spaces {

using owners = std::vector<std::uint64_t>;

TEST_CASE("a tuple finds those who wait for it by their rank") {
  interest_index index{1};
  index.add(p("[\"a\", _]"), 3, 30);
  index.add(p("[\"a\", i64:_]"), 2, 20);
  const auto first = index.add(p("[...]"), 1, 10);
  index.add(p("[\"b\", _]"), 0, 1);
  CHECK(index.all(t("[\"a\", 1]")) == owners{10, 20, 30});
  CHECK(index.oldest(t("[\"a\", 1]")) == 10);
  index.remove(first);
  CHECK(index.oldest(t("[\"a\", 1]")) == 20);
  CHECK(index.oldest(t("[\"a\", 1.0]")) == 30);
  CHECK(index.oldest(t("[\"a\"]")) == std::nullopt);
}

TEST_CASE("who waits for other keys or other types is not looked at") {
  interest_index index{1};
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    index.add(pattern_of("job", static_cast<std::int64_t>(i), match::any{}), i,
              i);
    index.add(p("[\"job\", f64:_, _]"), 20'000 + i, 20'000 + i);
  }
  CHECK(index.oldest(t("[\"job\", 5000, 1]")) == 5000);
  CHECK(index.probes() == 1);
  CHECK(index.oldest(t("[\"job\", 5000.0, 1]")) == 20'000);
  CHECK(index.probes() == 2);
}

TEST_CASE("patterns of more shapes than there may be are found all the same") {
  interest_index index{1};
  std::vector<pattern> patterns;
  // All ways to fix some of four positions, closed and open.
  for (int fixed = 0; fixed < 16; ++fixed)
    for (const bool open : {false, true}) {
      std::vector<matcher> matchers;
      for (int i = 0; i < 4; ++i)
        if ((fixed >> i & 1) != 0)
          matchers.emplace_back(match::exact{i});
        else
          matchers.emplace_back(match::any{});
      patterns.push_back(*pattern::make(matchers, open));
    }
  std::vector<interest_index::item> items;
  for (std::uint64_t i = 0; i < patterns.size(); ++i)
    items.push_back(index.add(patterns[i], i, i));
  const auto check = [&](const tuple& what) {
    owners wanted;
    for (std::uint64_t i = 0; i < patterns.size(); ++i)
      if (patterns[i].matches(what) && items[i] != ~0U)
        wanted.push_back(i);
    CHECK(index.all(what) == wanted);
    CHECK(index.oldest(what)
          == (wanted.empty() ? std::nullopt : std::optional{wanted[0]}));
  };
  for (const auto* each :
       {"[0, 1, 2, 3]", "[0, 9, 2, 9]", "[9, 9, 9, 9]", "[0, 1, 2, 3, 4]"})
    check(t(each));
  for (std::uint64_t i = 0; i < patterns.size(); i += 3) {
    index.remove(items[i]);
    items[i] = ~0U;
  }
  for (const auto* each : {"[0, 1, 2, 3]", "[0, 9, 2, 9]", "[9, 9, 9, 9, 9]"})
    check(t(each));
}

} // namespace weft::spaces

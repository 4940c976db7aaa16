#include "spaces/tuple_index.hpp"
#include "tests/unit/spaces/support.hpp"

#include <fmt/format.h>

namespace weft::spaces {

namespace {

constexpr auto any = match::any{};

/// 10,000 tuples ("job", i, i % 100, "payload").
tuple_index filled(shape_policy policy = {}) {
  tuple_index index{policy, 1};
  for (std::int64_t i = 0; i < 10'000; ++i)
    index.insert(tuple_of("job", i, i % 100, "payload"));
  return index;
}

std::uint64_t probes(tuple_index& index, const pattern& what) {
  const auto before = index.statistics().probes;
  index.oldest(what);
  return index.statistics().probes - before;
}

} // namespace

TEST_CASE("a lookup looks at the tuple it finds and no other") {
  auto index = filled();
  CHECK(probes(index, pattern_of("job", 5000, any, any)) == 1);
  CHECK(probes(index, pattern_of("job", any, 50, any)) == 1);
  CHECK(probes(index, pattern_of(any, 5000, any, any)) == 1);
  CHECK(probes(index, pattern_of("job", 5000, 0, "payload")) == 1);
  CHECK(probes(index, pattern_of(any, any, any, any)) == 1);
  CHECK(probes(index, pattern_of("job", 10'000, any, any)) == 0);
  CHECK(probes(index, pattern_of("none", any, any, any)) == 0);
  CHECK(probes(index, p("[\"job\", 5000..6000, _, _]")) == 1);
  CHECK(probes(index, p("[\"job\", 20000.., _, _]")) == 0);
  CHECK(probes(index, p("[_, 77|5000|20000, _, _]")) <= 2);
  CHECK(probes(index, p("[\"job\", string:_, ...]")) == 0);
}

TEST_CASE("a range finds its oldest tuple, not its lowest") {
  tuple_index index{{.few = 0}, 1};
  for (const auto key : {50, 30, 10, 40, 20})
    index.insert(tuple_of("job", key));
  const auto find = [&](std::string_view text) {
    const auto at = index.oldest(p(text));
    return at ? to_text(index.at(*at)) : "";
  };
  CHECK(find("[\"job\", 10..45]") == "[\"job\", 30]");
  CHECK(find("[\"job\", ..25]") == "[\"job\", 10]");
  CHECK(find("[\"job\", 11..19]") == "");
  CHECK(index.oldest(p("[\"job\", 10..45]"), 3).size() == 3);
}

TEST_CASE("prefixes and ranges of texts look beyond their first 8 bytes") {
  tuple_index index{{.few = 0}, 1};
  for (const auto* key : {"sensor/1/heat", "sensor/1/cold", "sensor/2/heat"})
    index.insert(tuple_of(key));
  CHECK(index.count(p("[\"sensor/1/\"*]")) == 2);
  CHECK(index.count(p("[\"sensor/1/h\"*]")) == 1);
  CHECK(index.count(p("[\"sensor/1/d\"..]")) == 2);
  CHECK(index.count(p("[\"s\"*]")) == 3);
  CHECK(index.count(p("[\"t\"*]")) == 0);
}

TEST_CASE("doubles of a range come in their order, NaN and -0 too") {
  tuple_index index{{.few = 0}, 1};
  for (const auto* text : {"[{\"f64\": \"-inf\"}]", "[-1.5]", "[-0.0]", "[2.5]",
                           "[{\"f64\": \"inf\"}]", "[{\"f64\": \"nan\"}]"})
    index.insert(t(text));
  CHECK(index.count(p("[..-1.0]")) == 2);
  CHECK(index.count(p("[0.0..0.0]")) == 1);
  CHECK(index.count(p("[-10.0..10.0]")) == 3);
  CHECK(index.count(p("[3.0..]")) == 1);
}

TEST_CASE("a store keeps at most 8 shapes, and drops those that got cold") {
  auto index = filled({.cold_after = 50});
  const auto ask = [&](int fixed) {
    std::vector<matcher> matchers;
    const std::vector<value> fields{"job", 5050, 50, "payload"};
    for (std::size_t i = 0; i < 4; ++i)
      if ((fixed >> i & 1) != 0)
        matchers.emplace_back(match::exact{fields[i]});
      else
        matchers.emplace_back(any);
    const auto at = index.oldest(*pattern::make(matchers));
    REQUIRE(at.has_value());
  };
  // Position 1 alone is too selective for its shape to need company.
  for (int fixed = 0; fixed < 16; ++fixed)
    if ((fixed & 2) == 0)
      ask(fixed);
  const auto shapes = index.statistics().shapes.size();
  CHECK(shapes <= 9);
  for (int i = 0; i < 100; ++i)
    ask(4);
  ask(2);
  const auto all = index.statistics().shapes;
  CHECK(all.size() <= 9);
  const auto by_one = std::any_of(all.begin(), all.end(), [](const auto& each) {
    return each.fixed == std::vector<std::size_t>{1};
  });
  CHECK(by_one);
}

TEST_CASE("a shape that is not asked for is dropped in the end") {
  tuple_index index{{.cold_after = 10}, 1};
  for (int i = 0; i < 20; ++i)
    index.insert(tuple_of("a", 1, i));
  index.oldest(pattern_of("a", 1, any));
  index.oldest(pattern_of(any, 1, any));
  const auto before = index.statistics().shapes.size();
  for (int i = 0; i < 10'000; ++i)
    index.oldest(pattern_of("a", any, any));
  CHECK(index.statistics().shapes.size() < before);
}

TEST_CASE("tuples of many types are found though stores are few") {
  tuple_index index{{}, 1};
  // 200 sequences of types.
  std::vector<tuple> tuples;
  for (int i = 0; i < 200; ++i) {
    std::vector<value> fields{"a"};
    for (int bit = 0; bit < 8; ++bit)
      fields.push_back((i >> bit & 1) != 0 ? value{bit} : value{1.0 * bit});
    tuples.push_back(*tuple::make(fields));
    index.insert(tuples.back());
  }
  CHECK(index.count(p("[\"a\", ...]")) == 200);
  for (const auto& each : tuples)
    CHECK(index.oldest(pattern::equal_to(each)).has_value());
  const auto all = index.oldest(p("[\"a\", ...]"), 1000);
  for (std::size_t i = 0; i < all.size(); ++i)
    CHECK(index.at(all[i]) == tuples[i]);
  CHECK(index.count(p("[_, i64:_, f64:_, ...]")) == 50);
  for (const auto at : all)
    index.remove(at);
  // Empty stores are used again.
  const auto shapes = index.statistics().shapes.size();
  for (int i = 0; i < 200; ++i)
    index.insert(
        *tuple::make(std::vector<value>(static_cast<std::size_t>(10 + i % 3))));
  CHECK(index.statistics().shapes.size() <= shapes + 3);
}

TEST_CASE("the index says what its shapes do") {
  tuple_index index{{}, 1};
  index.insert(tuple_of("a", 1));
  index.insert(tuple_of("b", 2));
  index.oldest(pattern_of("a", any));
  const auto all = index.statistics();
  CHECK(all.tuples == 2);
  CHECK(all.content_bytes == 18);
  CHECK(all.lookups == 1);
  REQUIRE(all.shapes.size() == 1);
  CHECK(all.shapes[0].types == "string,i64");
  CHECK(all.shapes[0].arity == 2);
  CHECK(all.shapes[0].fixed == std::vector<std::size_t>{0});
  CHECK(all.shapes[0].tuples == 2);
  CHECK(all.shapes[0].groups == 2);
  CHECK(all.shapes[0].lookups == 1);
}

TEST_CASE("to begin loading changes nothing") {
  auto index = filled();
  const std::vector<pattern> patterns{
      pattern_of("job", 1, any, any), pattern_of("none", 1, any, any),
      pattern_of("job", any, any, any), p("[...]"), p("[1]")};
  std::vector<const pattern*> ahead;
  for (const auto& each : patterns)
    ahead.push_back(&each);
  index.prefetch(ahead);
  CHECK(index.statistics().probes == 0);
  CHECK(index.size() == 10'000);
}

} // namespace weft::spaces

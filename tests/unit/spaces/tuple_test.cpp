#include "tests/unit/spaces/support.hpp"

#include <cmath>
#include <limits>

namespace weft::spaces {

namespace {

value_list nested(std::size_t depth) {
  value_list made{7};
  for (std::size_t i = 1; i < depth; ++i)
    made = value_list{value{std::move(made)}};
  return made;
}

result<tuple> make(std::vector<value> fields) {
  return tuple::make(fields);
}

} // namespace

TEST_CASE("a tuple gives back the fields that it was made from") {
  const std::vector<value> fields{
      nullptr,
      true,
      std::numeric_limits<std::int64_t>::min(),
      -0.5,
      "",
      "fourteen bytes",
      "fifteen bytes..",
      byte_string{std::string(100, '\0')},
      f64_array{1, 2.5, -3},
      f64_array{},
      value_list{},
      value_list{1, "a longer text inside of a list", value_list{f64_array{9}}},
  };
  const auto made = make(fields);
  REQUIRE(made);
  REQUIRE(made->size() == fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    CAPTURE(i);
    CHECK((*made)[i].type() == fields[i].type());
    CHECK((*made)[i].to_value() == fields[i]);
  }
  CHECK((*made)[8].as_array()[1] == 2.5);
  CHECK((*made)[5].as_text() == "fourteen bytes");
}

TEST_CASE("copies of a tuple share its fields") {
  const auto made = tuple_of("a text that lies outside of its cell", 7);
  const auto copy = made;
  CHECK(copy[0].as_text().data() == made[0].as_text().data());
}

TEST_CASE("a tuple has 1 to 1,000 fields") {
  const auto none = make({});
  REQUIRE_FALSE(none);
  CHECK(none.error()
        == failure{errc::invalid_argument,
                   "a tuple has 1 to 1000 fields; got 0"});
  CHECK(make(std::vector<value>(1000)));
  CHECK(make(std::vector<value>(1001)).error().message
        == "a tuple has 1 to 1000 fields; got 1001");
}

TEST_CASE("a tuple has at most 16 MiB of content") {
  CHECK(make({std::string(tuple_bytes_max, 'x')}));
  const auto above = make({std::string(tuple_bytes_max + 1, 'x')});
  REQUIRE_FALSE(above);
  CHECK(above.error().code == errc::invalid_argument);
  CHECK_FALSE(make({std::string(tuple_bytes_max, 'x'), true}));
  CHECK(make({f64_array(tuple_bytes_max / 8)}));
  CHECK_FALSE(make({f64_array(tuple_bytes_max / 8 + 1)}));
  CHECK_FALSE(make({value_list(tuple_bytes_max / 16)}));
}

TEST_CASE("lists are nested at most 32 deep") {
  CHECK(make({nested(32)}));
  CHECK(make({nested(33)}).error().message
        == "lists are nested at most 32 deep; got more");
}

TEST_CASE("doubles are equal by their bits, -0 as +0") {
  constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(tuple_of(0.0) == tuple_of(-0.0));
  CHECK(std::signbit(tuple_of(-0.0)[0].as_f64()));
  CHECK(tuple_of(nan) == tuple_of(nan));
  CHECK_FALSE(tuple_of(nan) == tuple_of(-nan));
  CHECK(tuple_of(f64_array{0.0, nan}) == tuple_of(f64_array{-0.0, nan}));
  CHECK(*make({value_list{-0.0}}) == *make({value_list{0.0}}));
  CHECK_FALSE(tuple_of(1) == tuple_of(1.0));
  CHECK_FALSE(tuple_of(0) == tuple_of(false));
}

TEST_CASE("texts of equal words are equal only at equal length and type") {
  using namespace std::string_view_literals;
  CHECK_FALSE(tuple_of("a"sv) == tuple_of("a\0"sv));
  CHECK_FALSE(tuple_of("") == tuple_of(nullptr));
  CHECK_FALSE(*make({"a"}) == *make({byte_string{"a"}}));
  CHECK(tuple_of("a text that lies outside")
        == t("[\"a text that lies "
             "outside\"]"));
  CHECK_FALSE(*make({value_list{}}) == *make({f64_array{}}));
}

} // namespace weft::spaces

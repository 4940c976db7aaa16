#include "apps/byzantine/post/relay_tuple.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

namespace weft::byzantine::test {

namespace {

relay signed_relay() {
  relay what{.instance = 0xFEDC'BA98'7654'3210,
             .round = 2,
             .path = {0, 3},
             .from = 3,
             .to = 1,
             .value = order::attack,
             .signatures = std::vector<signature>(2)};
  what.signatures[0].fill(0x00);
  what.signatures[1].fill(0xFF);
  return what;
}

errc error_of(const result<relay>& read) {
  return read ? errc::none : read.error().code;
}

} // namespace

TEST_CASE("a message comes out of its tuple as it went in") {
  const auto what = signed_relay();
  CHECK(from_tuple(to_tuple(what, 3)) == what);
  const relay oral{.instance = 1,
                   .round = 1,
                   .path = {0},
                   .from = 0,
                   .to = 2,
                   .signatures = {}};
  CHECK(from_tuple(to_tuple(oral, 0)) == oral);
}

TEST_CASE("a tuple says who sent it, whatever the message says") {
  auto what = signed_relay();
  what.from = 2;
  const auto read = from_tuple(to_tuple(what, 3));
  REQUIRE(read);
  CHECK(read->from == 3);
}

TEST_CASE("mail is found by its run and its recipient") {
  const auto what = signed_relay();
  const auto mail = to_tuple(what, 3);
  CHECK(mail.size() == relay_fields);
  CHECK(mail[recipient_field].as_i64() == 1);
  CHECK(mail_for(what.instance, 1).matches(mail));
  CHECK(!mail_for(what.instance, 2).matches(mail));
  CHECK(!mail_for(what.instance + 1, 1).matches(mail));
  CHECK(mail_of(what.instance).matches(mail));
  CHECK(!mail_of(what.instance + 1).matches(mail));
}

TEST_CASE("a tuple that is no mail is refused") {
  using spaces::byte_string;
  using spaces::tuple;
  using spaces::value;
  using spaces::value_list;
  const auto read = [](value round, value path, value to, value order,
                       value signatures) {
    const value fields[] = {"relay",
                            1,
                            std::move(round),
                            std::move(path),
                            0,
                            std::move(to),
                            std::move(order),
                            std::move(signatures)};
    return error_of(
        from_tuple(tuple::make(std::span<const value>{fields}).value()));
  };
  const value path = value_list{0};
  const value none = byte_string{};
  CHECK(read(1, path, 2, "attack", none) == errc::none);
  CHECK(read(-1, path, 2, "attack", none) == errc::invalid_argument);
  CHECK(read(1, value_list{"0"}, 2, "attack", none) == errc::invalid_argument);
  CHECK(read(1, value_list{std::int64_t{1} << 32}, 2, "attack", none)
        == errc::invalid_argument);
  CHECK(read(1, path, std::int64_t{1} << 40, "attack", none)
        == errc::invalid_argument);
  CHECK(read(1, path, 2, "charge", none) == errc::invalid_argument);
  CHECK(read(1, path, 2, "attack", byte_string{"short"})
        == errc::invalid_argument);
  CHECK(read(1, path, 2, "attack", "text") == errc::invalid_argument);
  CHECK(error_of(from_tuple(spaces::tuple_of("relay", 1)))
        == errc::invalid_argument);
}

} // namespace weft::byzantine::test

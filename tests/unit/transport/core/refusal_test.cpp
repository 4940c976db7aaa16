#include "transport/core/redial.hpp"
#include "transport/core/refusal.hpp"
#include "transport/core/refusal_log.hpp"

#include <doctest/doctest.h>

#include <set>

namespace weft::transport {

namespace {

using namespace std::chrono_literals;

const refusal_log::time_point first_refusal{1000s};

} // namespace

TEST_CASE("each kind of refusal has its own words and a code") {
  std::set<std::string_view> words;
  for (std::size_t index = 0; index < refusal_kind_count; ++index) {
    const auto kind = static_cast<refusal_kind>(index);
    words.insert(to_string(kind));
    CHECK(code_of(kind) != errc::internal);
    CHECK(code_of(kind) != errc::none);
  }
  CHECK(words.size() == refusal_kind_count);
  CHECK_FALSE(words.contains("unknown"));
  CHECK(code_of(refusal_kind::deadline) == errc::timed_out);
  CHECK(code_of(refusal_kind::other_authority) == errc::permission_denied);
  CHECK(code_of(refusal_kind::closed) == errc::unavailable);
}

TEST_CASE("what a peer sent is cut and cleaned for the log") {
  CHECK(printable("GET / HTTP", 5) == "GET /");
  CHECK(printable(std::string_view{"a\0\x1b[31m\xff~", 9}, 64) == "a..[31m.~");
  CHECK(printable("", 3).empty());
}

TEST_CASE("a flood of one kind is counted, other kinds are still logged") {
  refusal_log log{{.lines_per_kind = 2, .window = 10s}};
  CHECK(log.admit(refusal_kind::not_tls, first_refusal));
  CHECK(log.admit(refusal_kind::not_tls, first_refusal));
  CHECK_FALSE(log.due());
  for (int count = 0; count < 498; ++count)
    CHECK_FALSE(log.admit(refusal_kind::not_tls, first_refusal + 1s));
  CHECK(log.admit(refusal_kind::deadline, first_refusal + 2s));
  CHECK(log.due() == first_refusal + 10s);
  CHECK_FALSE(log.summary(first_refusal + 9s));
  CHECK(
      log.summary(first_refusal + 10s)
      == "498 more were refused in the last 10s and not logged singly: 498 no "
         "TLS");
  CHECK_FALSE(log.due());
  CHECK_FALSE(log.summary(first_refusal + 30s));
  CHECK(log.admit(refusal_kind::not_tls, first_refusal + 11s));
}

TEST_CASE("the summary names each kind, and can be had before its time") {
  refusal_log log{{.lines_per_kind = 1, .window = 10s}};
  for (int count = 0; count < 3; ++count) {
    log.admit(refusal_kind::closed, first_refusal);
    log.admit(refusal_kind::garbled, first_refusal);
  }
  CHECK(log.summary(first_refusal + 1s, true)
        == "4 more were refused in the last 10s and not logged singly: 2 "
           "garbled, 2 closed early");
}

TEST_CASE("a window in which all was logged ends without a word") {
  refusal_log log{{.lines_per_kind = 2, .window = 10s}};
  log.admit(refusal_kind::closed, first_refusal);
  CHECK_FALSE(log.summary(first_refusal + 10s));
  CHECK_FALSE(log.summary(first_refusal + 11s, true));
}

TEST_CASE("of two nodes that met, the lower name dials again first") {
  CHECK(redial_delay(1, "n1", "n2") == 4ms);
  CHECK(redial_delay(1, "n2", "n1") == 32ms);
  CHECK(redial_delay(2, "n1", "n2") == 8ms);
  CHECK(redial_delay(4, "n2", "n1") == 256ms);
  CHECK(redial_delay(5, "n2", "n1") == 500ms);
  CHECK(redial_delay(4'000'000'000u, "n1", "n2") == 500ms);
}

} // namespace weft::transport

#include "transport/core/admission.hpp"

#include <doctest/doctest.h>

namespace weft::transport {

namespace {

using namespace std::chrono_literals;

const admission::time_point start{1000s};

} // namespace

TEST_CASE("up to the limit everyone is let in at nobody's cost") {
  admission limits{{.half_open_max = 3, .half_open_per_address_max = 3}};
  CHECK_FALSE(limits.arrive(1, "a", start));
  CHECK_FALSE(limits.arrive(2, "b", start));
  CHECK_FALSE(limits.arrive(3, "a", start));
  CHECK(limits.half_open() == 3);
}

TEST_CASE("over an address's limit its own oldest makes room") {
  admission limits{{.half_open_max = 10, .half_open_per_address_max = 2}};
  limits.arrive(1, "other", start);
  limits.arrive(2, "busy", start);
  limits.arrive(3, "busy", start);
  CHECK(limits.arrive(4, "busy", start) == 2);
  CHECK(limits.arrive(5, "busy", start) == 3);
  CHECK(limits.half_open() == 3);
}

TEST_CASE("over the whole limit the busiest address's oldest makes room") {
  admission limits{{.half_open_max = 4, .half_open_per_address_max = 4}};
  limits.arrive(1, "quiet", start);
  limits.arrive(2, "flood", start);
  limits.arrive(3, "flood", start);
  limits.arrive(4, "flood", start);
  CHECK(limits.arrive(5, "good", start) == 2);
  CHECK(limits.arrive(6, "better", start) == 3);
}

TEST_CASE("who has left makes room; unknown ids change nothing") {
  admission limits{{.half_open_max = 2, .half_open_per_address_max = 2}};
  limits.arrive(1, "a", start);
  limits.arrive(2, "a", start);
  limits.leave(99);
  CHECK(limits.half_open() == 2);
  limits.leave(1);
  CHECK_FALSE(limits.arrive(3, "a", start));
  CHECK(limits.arrive(4, "a", start) == 2);
}

TEST_CASE("accepts beyond the burst wait for their share of a second") {
  admission limits{{.accepts_per_second = 10, .accept_burst = 3}};
  for (std::uint64_t id = 1; id <= 3; ++id) {
    CHECK(limits.wait_time(start) == 0s);
    limits.arrive(id, "a", start);
  }
  CHECK(limits.wait_time(start) == 100ms);
  CHECK(limits.wait_time(start + 60ms) == 40ms);
  CHECK(limits.wait_time(start + 100ms) == 0s);
  limits.arrive(4, "a", start + 100ms);
  CHECK(limits.wait_time(start + 100ms) > 0s);
}

TEST_CASE("an idle hour saves no more than the burst") {
  admission limits{{.accepts_per_second = 10, .accept_burst = 3}};
  limits.wait_time(start);
  const auto later = start + 1h;
  for (std::uint64_t id = 1; id <= 3; ++id) {
    CHECK(limits.wait_time(later) == 0s);
    limits.arrive(id, "a", later);
  }
  CHECK(limits.wait_time(later) == 100ms);
}

TEST_CASE("a clock that stands still or steps back breaks nothing") {
  admission limits{{.accepts_per_second = 1, .accept_burst = 1}};
  limits.arrive(1, "a", start);
  CHECK(limits.wait_time(start - 10s) == 1s);
  CHECK(limits.wait_time(start) == 1s);
}

} // namespace weft::transport

#include "spaces/retry_memory.hpp"

#include <doctest/doctest.h>

namespace weft::spaces {

using memory = retry_memory<std::string>;
using standing = memory::standing;

namespace {

std::string begin(memory& of, retry_key key) {
  const auto begun = of.begin(key);
  if (!begun)
    return std::string{to_string(begun.error().code)};
  if (begun->standing == standing::fresh)
    return "fresh";
  return begun->answer ? *begun->answer : "under way";
}

} // namespace

TEST_CASE("a request that comes again is answered and not applied again") {
  memory of;
  CHECK(begin(of, {1, 1, 0}) == "fresh");
  CHECK(begin(of, {1, 1, 0}) == "under way");
  of.remember(1, 1, "yes");
  CHECK(begin(of, {1, 1, 0}) == "yes");
  CHECK(begin(of, {2, 1, 0}) == "fresh");
  // They may overtake each other.
  CHECK(begin(of, {1, 3, 0}) == "fresh");
  CHECK(begin(of, {1, 2, 0}) == "fresh");
}

TEST_CASE("what the client has got is forgotten, and refused from then on") {
  memory of;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    CHECK(begin(of, {1, i, 0}) == "fresh");
    of.remember(1, i, "yes");
  }
  CHECK(begin(of, {1, 4, 2}) == "fresh");
  CHECK(begin(of, {1, 2, 0}) == "invalid_argument");
  CHECK(begin(of, {1, 3, 2}) == "yes");
  CHECK(begin(of, {1, 3, 3}) == "invalid_argument");
  of.remember(1, 2, "late");
  CHECK(begin(of, {1, 2, 0}) == "invalid_argument");
  CHECK(begin(of, {1, 1'000'001, 1'000'000}) == "fresh");
}

TEST_CASE("a client has at most 1,024 answers that it did not acknowledge") {
  memory of;
  for (std::uint64_t i = 1; i <= memory::unanswered_max; ++i)
    CHECK(begin(of, {1, i, 0}) == "fresh");
  CHECK(begin(of, {1, 1025, 0}) == "exhausted");
  CHECK(begin(of, {1, 1025, 1}) == "fresh");
}

TEST_CASE(
    "clients are forgotten when they are dropped or when there are more") {
  memory of{2};
  CHECK(begin(of, {1, 1, 0}) == "fresh");
  of.remember(1, 1, "yes");
  of.drop_client(1);
  of.drop_client(1);
  of.remember(1, 1, "late");
  CHECK(of.clients() == 0);
  for (client_id client = 1; client <= 2; ++client) {
    CHECK(begin(of, {client, 1, 0}) == "fresh");
    of.remember(client, 1, "yes");
  }
  CHECK(begin(of, {1, 1, 0}) == "yes");
  CHECK(begin(of, {3, 1, 0}) == "fresh");
  CHECK(of.clients() == 2);
  CHECK(begin(of, {1, 1, 0}) == "yes");
  // The second asked least recently.
  CHECK(begin(of, {2, 1, 0}) == "fresh");
}

} // namespace weft::spaces

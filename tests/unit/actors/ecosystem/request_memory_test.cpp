#include "actors/ecosystem/request_memory.hpp"

#include <doctest/doctest.h>

namespace weft::actors {

namespace {

using memory = request_memory<int>;
using standing = memory::standing;

} // namespace

TEST_CASE("a request is fresh, then in progress, then answered for good") {
  memory requests{10};
  CHECK(requests.look_up("a", 1) == standing::fresh);
  requests.begin("a", 1);
  CHECK(requests.look_up("a", 1) == standing::in_progress);
  requests.finish("a", 42);
  requests.finish("a", 43);
  CHECK(requests.look_up("a", 1) == standing::answered);
  CHECK(requests.answer("a") == 42);
}

TEST_CASE("an id with other content is a conflict, running or answered") {
  memory requests{10};
  requests.begin("a", 1);
  CHECK(requests.look_up("a", 2) == standing::conflicting);
  requests.finish("a", 42);
  CHECK(requests.look_up("a", 2) == standing::conflicting);
}

TEST_CASE("the oldest answers beyond the limit are forgotten, not requests "
          "under way") {
  memory requests{2};
  requests.begin("running", 1);
  for (const auto* id : {"a", "b", "c"}) {
    requests.begin(id, 1);
    requests.finish(id, 0);
  }
  CHECK(requests.look_up("a", 1) == standing::fresh);
  CHECK(requests.look_up("b", 1) == standing::answered);
  CHECK(requests.look_up("c", 1) == standing::answered);
  CHECK(requests.look_up("running", 1) == standing::in_progress);
}

} // namespace weft::actors

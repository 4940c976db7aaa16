#include "actors/torus/core/torus_options.hpp"

#include <doctest/doctest.h>

#include <string>

namespace weft::torus {

namespace {

/// What `check` says; nothing when it has nothing against them.
std::string objection(const torus_options& options) {
  const auto checked = check(options);
  if (checked)
    return {};
  CHECK(checked.error().code == errc::invalid_argument);
  return checked.error().message;
}

} // namespace

TEST_CASE("the options as they are can be used") {
  CHECK(objection({}) == "");
  CHECK(objection({.torus = 2, .tori = 3}) == "");
}

TEST_CASE("what is wrong with options is named") {
  CHECK(objection({.size = {0, 1, 1}}).find("lattice 0x1x1") == 0);
  CHECK(objection({.torus = 3, .tori = 3}).find("torus 3 of 3") == 0);
  CHECK(objection({.tori = 0}).find("torus 0 of 0") == 0);
  CHECK(objection({.tori = 1U << 17}).find("131072 tori of 32768 sites") == 0);
  CHECK(objection({.tori = (1U << 17) - 1}) == "");
  constexpr auto too_many = (std::size_t{1} << 31) + 1;
  CHECK(objection({.events_max = too_many}).find("events_max") == 0);
  CHECK(objection({.edges_max = too_many}).find("edges_max") == 0);
  CHECK(objection({.crossings_max = too_many}).find("crossings_max") == 0);
  CHECK(objection({.edge_delay_max = 0}).find("edge_delay_max") == 0);
}

TEST_CASE("lookahead matters where there are several tori") {
  CHECK(objection({.tori = 1, .lookahead = 0}) == "");
  CHECK(objection({.tori = 2, .lookahead = 0}).find("lookahead") == 0);
  CHECK(objection({.tori = 2, .lookahead = 10, .edge_delay_max = 9})
            .find("lookahead")
        == 0);
}

} // namespace weft::torus

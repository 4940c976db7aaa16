#include "apps/byzantine/actors/general_orders.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace weft::byzantine::test {

namespace {

std::string mistake_in(nlohmann::json orders, const char* key,
                       nlohmann::json value) {
  orders[key] = std::move(value);
  try {
    orders.get<general_orders>();
  } catch (const std::exception& wrong) {
    return wrong.what();
  }
  return "";
}

} // namespace

TEST_CASE("orders cross nodes unchanged") {
  const general_orders orders{.self = 2,
                              .what = {.generals = 7,
                                       .traitors_max = 3,
                                       .algorithm = algorithm::written,
                                       .traitors = {1, 2},
                                       .strategy = strategy::forge,
                                       .commanded = order::retreat,
                                       .instance = 0xFEDC'BA98'7654'3210,
                                       .seed = 0xFFFF'FFFF'FFFF'FFFF},
                              .deadline = std::chrono::milliseconds{250}};
  const auto text = nlohmann::json(orders).dump();
  CHECK(nlohmann::json::parse(text).get<general_orders>() == orders);
}

TEST_CASE("orders that nobody can follow are refused") {
  const nlohmann::json orders = general_orders{};
  CHECK(mistake_in(orders, "general", 3).empty());
  CHECK(mistake_in(orders, "general", 4) == "general 4: expected 0 to 3");
  CHECK(mistake_in(orders, "m", 3).find("expected at most 2")
        != std::string::npos);
  CHECK(mistake_in(orders, "strategy", "charge").find("expected one of")
        != std::string::npos);
}

TEST_CASE("generals have names by run and number") {
  CHECK(name_of(0xAB, 3) == "byzantine/00000000000000ab/3");
}

} // namespace weft::byzantine::test

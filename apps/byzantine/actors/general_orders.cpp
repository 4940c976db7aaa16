#include "apps/byzantine/actors/general_orders.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <stdexcept>

namespace weft::byzantine {

namespace {

void require(const result<void>& possible) {
  if (!possible)
    throw std::invalid_argument{possible.error().message};
}

} // namespace

void from_json(const nlohmann::json& from, general_orders& into) {
  auto& what = into.what;
  from.at("general").get_to(into.self);
  from.at("generals").get_to(what.generals);
  from.at("m").get_to(what.traitors_max);
  what.algorithm =
      from.at("signed").get<bool>() ? algorithm::written : algorithm::oral;
  from.at("traitors").get_to(what.traitors);
  auto betrayal = parse_strategy(from.at("strategy").get<std::string>());
  require(betrayal.map([](auto) {}));
  what.strategy = *betrayal;
  what.commanded =
      from.at("attack").get<bool>() ? order::attack : order::retreat;
  from.at("instance").get_to(what.instance);
  from.at("seed").get_to(what.seed);
  into.deadline =
      std::chrono::nanoseconds{from.at("deadline_ns").get<std::int64_t>()};
  require(check(what));
  if (into.self >= what.generals)
    throw std::invalid_argument{fmt::format("general {}: expected 0 to {}",
                                            into.self, what.generals - 1)};
}

void to_json(nlohmann::json& into, const general_orders& from) {
  const auto& what = from.what;
  into = {{"general", from.self},
          {"generals", what.generals},
          {"m", what.traitors_max},
          {"signed", what.algorithm == algorithm::written},
          {"traitors", what.traitors},
          {"strategy", to_string(what.strategy)},
          {"attack", what.commanded == order::attack},
          {"instance", what.instance},
          {"seed", what.seed},
          {"deadline_ns", from.deadline.count()}};
}

std::string name_of(std::uint64_t instance, general_id who) {
  return fmt::format("byzantine/{:016x}/{}", instance, who);
}

} // namespace weft::byzantine

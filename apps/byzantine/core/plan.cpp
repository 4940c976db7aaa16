#include "apps/byzantine/core/plan.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace weft::byzantine {

namespace {

constexpr std::pair<strategy, std::string_view> strategy_names[] = {
    {strategy::random, "random"},         {strategy::split, "split"},
    {strategy::silent, "silent"},         {strategy::collude, "collude"},
    {strategy::last_round, "last-round"}, {strategy::forge, "forge"},
};

} // namespace

std::string_view to_string(strategy what) {
  for (const auto& [value, name] : strategy_names)
    if (value == what)
      return name;
  return "unknown";
}

result<strategy> parse_strategy(std::string_view text) {
  std::vector<std::string> names;
  for (const auto& [value, name] : strategy_names) {
    if (name == text)
      return value;
    names.emplace_back(name);
  }
  auto message = fmt::format("strategy \"{}\": expected one of {}", text,
                             fmt::join(names, ", "));
  if (auto near = nearest_spelling(text, names))
    message += fmt::format("; did you mean {}?", *near);
  return fail(errc::invalid_argument, std::move(message));
}

std::uint64_t oral_messages(std::uint32_t generals,
                            std::uint32_t traitors_max) {
  std::uint64_t sum = 0;
  std::uint64_t paths = 1;
  for (std::uint64_t round = 1; round <= traitors_max + 1ULL; ++round) {
    if (round >= generals)
      break;
    paths *= generals - round;
    sum += paths;
    if (sum > messages_max)
      return messages_max + 1;
  }
  return sum;
}

result<void> check(const plan& what) {
  if (what.generals < 2 || what.generals > generals_max)
    return fail(errc::invalid_argument,
                fmt::format("generals: expected 2 to {}, got {}", generals_max,
                            what.generals));
  if (what.traitors_max > what.generals - 2)
    return fail(errc::invalid_argument,
                fmt::format("m: expected at most {} for {} generals, got {}; "
                            "round m + 1 has nobody left to ask",
                            what.generals - 2, what.generals,
                            what.traitors_max));
  for (auto who : what.traitors)
    if (who >= what.generals)
      return fail(errc::invalid_argument,
                  fmt::format("traitor {}: expected a general, 0 to {}", who,
                              what.generals - 1));
  if (what.strategy == strategy::forge && what.algorithm == algorithm::oral)
    return fail(errc::invalid_argument,
                "strategy forge: oral messages have no signatures; use sm");
  if (what.algorithm == algorithm::oral
      && oral_messages(what.generals, what.traitors_max) > messages_max)
    return fail(errc::exhausted,
                fmt::format("OM({}) among {} generals takes more than {} "
                            "messages; use fewer generals, a lower m, or sm",
                            what.traitors_max, what.generals, messages_max));
  return {};
}

result<void> check_enough(const plan& what) {
  if (what.algorithm != algorithm::oral
      || what.generals > 3 * std::uint64_t{what.traitors_max})
    return {};
  return fail(
      errc::invalid_argument,
      fmt::format("{} generals cannot withstand {} by oral messages: a loyal "
                  "one cannot tell a lying commander from a lying comrade. "
                  "OM({}) needs at least {} generals; sm needs {}",
                  what.generals,
                  what.traitors_max == 1
                      ? std::string{"a traitor"}
                      : fmt::format("{} traitors", what.traitors_max),
                  what.traitors_max, 3 * what.traitors_max + 1,
                  what.traitors_max + 2));
}

} // namespace weft::byzantine

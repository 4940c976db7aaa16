#include "tests/support/checkers/history.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace weft::checkers {

namespace {

std::string listed(const std::vector<tuple>& tuples) {
  std::vector<tuple_id> ids;
  for (const auto& each : tuples)
    ids.push_back(each.id);
  return fmt::format("{} {}", ids.size() == 1 ? "tuple" : "tuples",
                     fmt::join(ids, ", "));
}

/// What an answered operation found.
std::string found(const operation& what) {
  return what.answer ? fmt::format("tuple {}", *what.answer)
                     : fmt::format("nothing for {}", describe(what.asked));
}

std::string done(const operation& what) {
  switch (what.what) {
  case verb::write:
    return "wrote " + listed(what.writes);
  case verb::read:
    return "read " + found(what);
  case verb::take:
    return "took " + found(what);
  case verb::swap:
    return fmt::format("swapped {} for {}", found(what), listed(what.writes));
  case verb::claim:
    return fmt::format("claimed {} (claim {})", found(what), what.claim);
  case verb::confirm:
    if (what.writes.empty())
      return fmt::format("confirmed claim {}", what.claim);
    return fmt::format("confirmed claim {} and wrote {}", what.claim,
                       listed(what.writes));
  case verb::release:
    return fmt::format("released claim {}", what.claim);
  }
  return "?";
}

/// What an operation without an answer was to do.
std::string attempted(const operation& what) {
  switch (what.what) {
  case verb::write:
    return "write " + listed(what.writes);
  case verb::read:
    return "read " + describe(what.asked);
  case verb::take:
    return "take " + describe(what.asked);
  case verb::swap:
    return fmt::format("swap {} for {}", describe(what.asked),
                       listed(what.writes));
  case verb::claim:
    return fmt::format("claim {} (claim {})", describe(what.asked), what.claim);
  case verb::confirm:
    return fmt::format("confirm claim {}", what.claim);
  case verb::release:
    return fmt::format("release claim {}", what.claim);
  }
  return "?";
}

bool writes_something(verb what) {
  return what == verb::write || what == verb::swap || what == verb::confirm;
}

bool asks(verb what) {
  return what == verb::read || what == verb::take || what == verb::swap
         || what == verb::claim;
}

/// The first thing that is wrong with an operation by itself, or "".
std::string wrong_alone(const operation& what) {
  if (what.how == outcome::ok && what.responded == forever)
    return "is done but has no time of response";
  if (what.how == outcome::ok && what.responded < what.invoked)
    return "responded before it was invoked";
  if (what.answer && (what.how != outcome::ok || !asks(what.what)))
    return "has an answer that it cannot have";
  if (!what.writes.empty() && !writes_something(what.what))
    return "writes, but is no write, swap or confirm";
  if (what.what == verb::write && what.writes.empty())
    return "writes nothing";
  if (what.what == verb::claim && what.claim == 0)
    return "is a claim without a number";
  return "";
}

/// The first thing that is wrong between an operation and the claims, or "".
std::string wrong_claim(const operation& what,
                        const std::map<claim_id, const operation*>& claims) {
  if (what.what == verb::claim && claims.at(what.claim) != &what)
    return "repeats the number of a claim";
  if (what.what != verb::confirm && what.what != verb::release)
    return "";
  auto claim = claims.find(what.claim);
  if (claim == claims.end())
    return "names a claim that nobody made";
  const auto& made = *claim->second;
  if (made.how != outcome::ok || !made.answer)
    return "names a claim that was not given";
  return what.invoked < made.responded
             ? "was invoked before its claim was given"
             : "";
}

} // namespace

tick end_of(const history& what) {
  tick end = 0;
  for (const auto& each : what.operations)
    end = std::max({end, each.invoked,
                    each.how == outcome::ok ? each.responded : tick{0}});
  for (const auto& each : what.deaths)
    end = std::max(end, each.at);
  return end;
}

std::vector<std::string> malformed(const history& what) {
  std::map<claim_id, const operation*> claims;
  for (const auto& each : what.operations)
    if (each.what == verb::claim)
      claims.emplace(each.claim, &each);
  std::vector<std::string> all;
  for (std::size_t index = 0; index < what.operations.size(); ++index) {
    const auto& each = what.operations[index];
    auto wrong = wrong_alone(each);
    if (wrong.empty())
      wrong = wrong_claim(each, claims);
    if (!wrong.empty())
      all.push_back(fmt::format("{} {}", describe(what, index), wrong));
  }
  return all;
}

std::string describe(const history& what, std::size_t operation) {
  const auto& each = what.operations.at(operation);
  auto who = fmt::format("#{} client {}", operation, each.client);
  if (each.how == outcome::ok)
    return fmt::format("{} {} ({}..{})", who, done(each), each.invoked,
                       each.responded);
  return fmt::format("{} {} {} ({}..)", who,
                     each.how == outcome::failed ? "failed to"
                                                 : "may have come to",
                     attempted(each), each.invoked);
}

std::string describe(const pattern& what) {
  if (what.mask == 0)
    return "any tuple";
  return fmt::format("fields {:x} under {:x}", what.bits, what.mask);
}

} // namespace weft::checkers

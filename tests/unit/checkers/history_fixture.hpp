#pragma once

#include "tests/support/checkers/history.hpp"

#include <initializer_list>
#include <utility>

/// Histories in one line an operation; each takes times, and most an answer.
namespace weft::checkers::test {

struct interval {
  tick invoked = 0;
  tick responded = 0;
};

inline operation done(verb what, interval when) {
  operation result;
  result.what = what;
  result.client = 1;
  result.invoked = when.invoked;
  result.responded = when.responded;
  return result;
}

/// A tuple whose fields are its id, so that patterns can name it.
inline tuple plain(tuple_id id) {
  return {.id = id, .fields = id};
}

inline tuple leased(tuple_id id, tick lease) {
  return {.id = id, .fields = id, .lease = lease};
}

/// Matches `plain(id)` alone.
inline pattern only(std::uint64_t id) {
  return {.mask = ~0ULL, .bits = id};
}

inline operation wrote(interval when, std::initializer_list<tuple_id> ids) {
  auto result = done(verb::write, when);
  for (auto id : ids)
    result.writes.push_back(plain(id));
  return result;
}

inline operation wrote(interval when, tuple what) {
  auto result = done(verb::write, when);
  result.writes.push_back(what);
  return result;
}

inline operation answered(verb what, interval when,
                          std::optional<tuple_id> answer, pattern asked = {}) {
  auto result = done(what, when);
  result.answer = answer;
  result.asked = asked;
  return result;
}

inline operation read(interval when, std::optional<tuple_id> answer,
                      pattern asked = {}) {
  return answered(verb::read, when, answer, asked);
}

inline operation took(interval when, std::optional<tuple_id> answer,
                      pattern asked = {}) {
  return answered(verb::take, when, answer, asked);
}

inline operation swapped(interval when, std::optional<tuple_id> answer,
                         tuple_id written) {
  auto result = answered(verb::swap, when, answer);
  result.writes.push_back(plain(written));
  return result;
}

inline operation claimed(interval when, tuple_id answer, claim_id claim,
                         tick lease = forever) {
  auto result = answered(verb::claim, when, answer);
  result.claim = claim;
  result.lease = lease;
  return result;
}

inline operation confirmed(interval when, claim_id claim,
                           std::initializer_list<tuple_id> ids = {}) {
  auto result = wrote(when, ids);
  result.what = verb::confirm;
  result.claim = claim;
  return result;
}

inline operation released(interval when, claim_id claim) {
  auto result = done(verb::release, when);
  result.claim = claim;
  return result;
}

/// Its client never heard of it again.
inline operation unknown(operation what) {
  what.how = outcome::unknown;
  what.responded = forever;
  what.answer.reset();
  return what;
}

inline operation failed(operation what) {
  what.how = outcome::failed;
  return what;
}

inline operation by(client_id client, operation what) {
  what.client = client;
  return what;
}

inline history of(std::vector<operation> operations) {
  history result;
  result.operations = std::move(operations);
  return result;
}

inline history of(std::vector<operation> operations,
                  std::vector<tuple_id> remaining) {
  auto result = of(std::move(operations));
  result.remaining = std::move(remaining);
  return result;
}

} // namespace weft::checkers::test

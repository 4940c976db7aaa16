#pragma once

#include "spaces/space_core.hpp"
#include "spaces/text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace weft::spaces {

/// A tuple or pattern from its text.
inline tuple t(std::string_view text) {
  auto read = parse_tuple(text);
  REQUIRE_MESSAGE(read.has_value(), text);
  return *std::move(read);
}

inline pattern p(std::string_view text) {
  auto read = parse_pattern(text);
  REQUIRE_MESSAGE(read.has_value(), text);
  return *std::move(read);
}

/// A space with a clock that is moved by hand, and short names for what tests
/// do with it.
struct space_fixture {
  explicit space_fixture(space_options options = {}) : core{options, 42} {}

  space_core core;
  time_point now{std::chrono::hours{1000}};

  void pass(duration time) {
    now += time;
    core.advance(now);
  }

  tuple_id write(std::string_view text, std::optional<duration> lease = {}) {
    const auto id = core.write(t(text), lease, now);
    REQUIRE(id.has_value());
    return *id;
  }

  /// The text of what was got at once, or "".
  std::string take(std::string_view text, request by = {}) {
    return text_of(core.take(p(text), by, now));
  }
  std::string read(std::string_view text, request by = {}) {
    return text_of(core.read(p(text), by, now));
  }
  claim_id claim(std::string_view text, client_id client, duration lease) {
    const auto got = core.take(p(text), {0, client, {}, lease}, now);
    REQUIRE(got.has_value());
    return *got ? (*got)->claim : 0;
  }

  /// All that is seen, as texts.
  std::vector<std::string> all(std::string_view text = "[...]") {
    std::vector<std::string> texts;
    const auto found = core.read_all(p(text), answer_tuples_max);
    REQUIRE(found.has_value());
    for (const auto& each : *found)
      texts.push_back(to_text(each.what));
    return texts;
  }

  /// The effects that are to be carried out, as texts: "7: [1] [2]",
  /// "7: timed out", "7: offered 3", "7: gathered 1 6.0", ...
  std::vector<std::string> effects() {
    std::vector<std::string> texts;
    while (const auto next = core.next_effect())
      texts.push_back(std::visit([](const auto& e) { return text(e); }, *next));
    return texts;
  }

  static std::string
  text_of(const result<std::optional<space_core::taken>>& got) {
    REQUIRE(got.has_value());
    return *got ? to_text((*got)->found.what) : "";
  }

  static std::string text(const effect::answered& e) {
    auto made = std::to_string(e.ticket) + ":";
    for (const auto& each : e.answer.tuples)
      made += " " + to_text(each.what);
    return made + (e.answer.claim ? " claimed" : "");
  }
  static std::string text(const effect::timed_out& e) {
    return std::to_string(e.ticket) + ": timed out";
  }
  static std::string text(const effect::refused& e) {
    return std::to_string(e.ticket) + ": " + std::string{to_string(e.why.code)};
  }
  static std::string text(const effect::offered& e) {
    return std::to_string(e.ticket) + ": offered "
           + std::to_string(e.id.sequence);
  }
  static std::string text(const effect::events_ready& e) {
    return std::to_string(e.ticket) + ": events";
  }
  static std::string text(const effect::watch_ended& e) {
    return std::to_string(e.ticket) + ": watch ended";
  }
  static std::string text(const effect::gathered& e) {
    auto made =
        std::to_string(e.ticket) + ": gathered " + std::to_string(e.generation);
    if (e.outcome)
      made += " " + to_text(*tuple::make(std::vector<value>{*e.outcome}));
    return made;
  }
  static std::string text(const effect::not_gathered& e) {
    auto made = std::to_string(e.ticket) + ": " + std::to_string(e.arrived)
                + " of " + std::to_string(e.parties);
    for (const auto& name : e.missing)
      made += ", not " + name;
    return made;
  }
};

/// A request that waits.
inline request waiting(ticket by, client_id client = 1,
                       duration timeout = std::chrono::seconds{10},
                       std::optional<duration> claim_lease = {}) {
  return {by, client, timeout, claim_lease};
}

using texts = std::vector<std::string>;

} // namespace weft::spaces

#pragma once

#include "spaces/calls.hpp"
#include "tests/unit/spaces/support.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace weft::spaces {

/// Replies as texts: "wrote 1 2", "[1] [2] claim 7", "nothing", "done",
/// "added [1], more", "timed_out", ...
struct reply_words {
  std::string operator()(const reply::written& what) const {
    std::vector<std::uint64_t> all;
    for (const auto& each : what.ids)
      all.push_back(each.sequence);
    return fmt::format("wrote {}", fmt::join(all, " "));
  }
  std::string operator()(const reply::found& what) const {
    if (what.tuples.empty())
      return "nothing";
    texts all;
    for (const auto& each : what.tuples)
      all.push_back(to_text(each.what));
    if (what.claim != 0)
      all.push_back(fmt::format("claim {}", what.claim));
    return fmt::format("{}", fmt::join(all, " "));
  }
  std::string operator()(const reply::counted& what) const {
    return fmt::format("counted {}", what.count);
  }
  std::string operator()(const reply::swapped& what) const {
    if (!what.found)
      return "nothing";
    return to_text(what.found->what)
           + (what.written ? fmt::format(" became {}", what.written->sequence)
                           : " stays");
  }
  std::string operator()(const reply::done&) const { return "done"; }
  std::string operator()(const reply::offered& what) const {
    return fmt::format("offered {}", what.id.sequence);
  }
  std::string operator()(const reply::timed_out&) const { return "time is up"; }
  std::string operator()(const reply::events& what) const {
    texts all;
    for (const auto& each : what.list)
      all.push_back((each.kind == watch_kind::added   ? "added "
                     : each.kind == watch_kind::taken ? "taken "
                                                      : "expired ")
                    + to_text(each.what));
    if (what.dropped > 0)
      all.push_back(fmt::format("{} dropped", what.dropped));
    if (what.more)
      all.push_back("more");
    if (what.ended)
      all.push_back("ended");
    return all.empty() ? "no events" : fmt::format("{}", fmt::join(all, ", "));
  }
  std::string operator()(const reply::gathered& what) const {
    return fmt::format("gathered {}", what.generation)
           + (what.outcome
                  ? " " + to_text(*tuple::make(std::vector{*what.outcome}))
                  : "");
  }
  std::string operator()(const reply::not_gathered& what) const {
    return fmt::format("{} of {}", what.arrived, what.parties);
  }
  std::string operator()(const reply::statistics& what) const {
    return fmt::format("{} tuples", what.what->index.tuples);
  }
  std::string operator()(const reply::carried& what) const {
    texts all;
    for (const auto& each : what.tuples)
      all.push_back(
          to_text(each.what)
          + (each.lease ? fmt::format(" for {}", each.lease->count()) : ""));
    if (what.claim != 0)
      all.emplace_back("claimed");
    if (what.more)
      all.emplace_back("more");
    return all.empty() ? "nothing" : fmt::format("{}", fmt::join(all, ", "));
  }
  std::string operator()(const failure& what) const {
    return std::string{to_string(what.code)};
  }
};

inline std::string words_of(const any_reply& what) {
  return std::visit(reply_words{}, what);
}

} // namespace weft::spaces

#include "tests/support/checkers/unique_tuples.hpp"

#include "runtime/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace weft::checkers {

namespace {

using operation_index = std::size_t;

/// All that a history says about one tuple.
struct life {
  const tuple* what = nullptr;
  std::optional<operation_index> writer;
  /// Answered reads, takes, swaps and claims.
  std::vector<operation_index> sights;
  /// Answered claims.
  std::vector<operation_index> claims;
  /// Takes, swaps and confirms that removed it.
  std::vector<operation_index> removals;
  /// Confirms of unknown outcome that may have.
  std::vector<operation_index> perhaps;
  std::size_t remaining = 0;
};

/// When a claim certainly holds its tuple, and when it may.
struct hold {
  operation_index claim = 0;
  tick given = 0;
  tick may_end = forever;
  tick must_end = forever;
};

bool removes(verb what) {
  return what == verb::take || what == verb::swap;
}

class lives {
public:
  explicit lives(const history& about) : about_{about}, end_{end_of(about)} {}

  std::vector<finding> check();

private:
  const operation& at(operation_index index) const {
    return about_.operations[index];
  }
  void note_writes();
  void note_sights();
  void note_claim_ends();
  void note_remaining();
  void note_confirms();
  bool happened(operation_index index) const;
  void check_origin(tuple_id id, const life& each);
  void check_removals(tuple_id id, const life& each);
  void check_lease(tuple_id id, const life& each);
  void check_claims(tuple_id id, const life& each);
  void check_claim_ends();
  void check_between(tuple_id id, const std::vector<hold>& holds);
  void check_sights_in(tuple_id id, const life& each,
                       const std::vector<hold>& holds);
  void check_lost();
  bool missing(const life& each) const;
  bool may_have_ended(const tuple& what, operation_index writer) const;
  bool explains(operation_index removal, const life& each) const;
  hold hold_of(operation_index claim) const;
  void add(fault what, tuple_id id, std::vector<operation_index> shown,
           std::string_view why);

  const history& about_;
  tick end_;
  std::unordered_map<tuple_id, life> lives_;
  /// In the order of their appearance, for findings in an order that stays.
  std::vector<tuple_id> ids_;
  std::unordered_map<claim_id, operation_index> claims_;
  /// The first release of a claim that may have happened.
  std::unordered_map<claim_id, operation_index> released_;
  std::unordered_map<client_id, tick> deaths_;
  std::vector<finding> findings_;

  life& life_of(tuple_id id) {
    auto [found, added] = lives_.try_emplace(id);
    if (added)
      ids_.push_back(id);
    return found->second;
  }
};

std::vector<finding> lives::check() {
  for (const auto& each : about_.deaths)
    deaths_.try_emplace(each.client, each.at);
  note_writes();
  note_sights();
  note_claim_ends();
  note_remaining();
  note_confirms();
  for (auto id : ids_) {
    const auto& each = lives_.at(id);
    check_origin(id, each);
    check_removals(id, each);
    check_lease(id, each);
    check_claims(id, each);
  }
  check_claim_ends();
  if (about_.remaining)
    check_lost();
  return std::move(findings_);
}

void lives::note_writes() {
  for (operation_index index = 0; index < about_.operations.size(); ++index) {
    const auto& each = at(index);
    // A swap that found nothing wrote nothing.
    if (each.what == verb::swap && each.how == outcome::ok && !each.answer)
      continue;
    for (const auto& written : each.writes) {
      auto& of = life_of(written.id);
      WEFT_ASSERT(!of.writer);
      of.writer = index;
      of.what = &written;
    }
  }
}

void lives::note_sights() {
  for (operation_index index = 0; index < about_.operations.size(); ++index) {
    const auto& each = at(index);
    if (each.what == verb::claim)
      claims_[each.claim] = index;
    if (!each.answer)
      continue;
    auto& of = life_of(*each.answer);
    of.sights.push_back(index);
    if (each.what == verb::claim)
      of.claims.push_back(index);
    if (removes(each.what))
      of.removals.push_back(index);
  }
}

void lives::note_claim_ends() {
  for (operation_index index = 0; index < about_.operations.size(); ++index) {
    const auto& each = at(index);
    if (each.how == outcome::failed)
      continue;
    if (each.what == verb::release)
      released_.try_emplace(each.claim, index);
    if (each.what != verb::confirm)
      continue;
    auto& of = life_of(*at(claims_.at(each.claim)).answer);
    if (each.how == outcome::ok)
      of.removals.push_back(index);
    else
      of.perhaps.push_back(index);
  }
}

void lives::note_remaining() {
  if (about_.remaining)
    for (auto id : *about_.remaining)
      ++life_of(id).remaining;
}

/// A confirm of unknown outcome whose tuples were seen has happened.
void lives::note_confirms() {
  for (auto& [id, each] : lives_) {
    std::ranges::copy_if(each.perhaps, std::back_inserter(each.removals),
                         [&](auto index) { return happened(index); });
    std::erase_if(each.perhaps, [&](auto index) { return happened(index); });
  }
}

bool lives::happened(operation_index index) const {
  const auto& what = at(index);
  if (what.how != outcome::unknown)
    return what.how == outcome::ok;
  return std::ranges::any_of(what.writes, [&](const tuple& written) {
    const auto& of = lives_.at(written.id);
    return !of.sights.empty() || of.remaining > 0;
  });
}

void lives::add(fault what, tuple_id id, std::vector<operation_index> shown,
                std::string_view why) {
  auto text = fmt::format("tuple {} {}", id, why);
  for (auto each : shown)
    text += fmt::format("; {}", describe(about_, each));
  findings_.push_back({what, id, std::move(shown), std::move(text)});
}

void lives::check_origin(tuple_id id, const life& each) {
  if (!each.writer || at(*each.writer).how == outcome::failed) {
    auto shown = each.sights;
    if (each.writer)
      shown.push_back(*each.writer);
    if (!each.sights.empty() || each.remaining > 0)
      add(fault::from_nowhere, id, shown, "was written by nobody");
    return;
  }
  for (auto sight : each.sights)
    if (at(sight).responded < at(*each.writer).invoked)
      add(fault::from_nowhere, id, {sight, *each.writer},
          "was there before it was written");
}

void lives::check_removals(tuple_id id, const life& each) {
  if (each.removals.size() > 1)
    add(fault::twice, id, each.removals, "was removed more than once");
  if (each.remaining > 1)
    add(fault::twice, id, {}, "was there twice at the end");
  if (each.removals.empty())
    return;
  if (each.remaining > 0)
    add(fault::after_removal, id, each.removals,
        "was removed, but was there at the end");
  auto first = *std::ranges::min_element(each.removals, {}, [&](auto index) {
    return at(index).how == outcome::ok ? at(index).responded : forever;
  });
  if (at(first).how != outcome::ok)
    return;
  for (auto sight : each.sights)
    if (at(sight).invoked > at(first).responded)
      add(fault::after_removal, id, {first, sight},
          "was seen after its removal was acknowledged");
}

void lives::check_lease(tuple_id id, const life& each) {
  if (!each.writer || at(*each.writer).how != outcome::ok)
    return;
  auto last =
      later(later(at(*each.writer).responded, each.what->lease), about_.slack);
  for (auto sight : each.sights)
    if (at(sight).invoked > last)
      add(fault::after_lease, id, {*each.writer, sight},
          fmt::format("was seen after its lease ended, at {} at the latest",
                      last));
  if (each.remaining > 0 && end_ > last)
    add(fault::after_lease, id, {*each.writer},
        "was there at the end, after its lease");
}

hold lives::hold_of(operation_index index) const {
  const auto& claim = at(index);
  hold held{.claim = index,
            .given = claim.responded,
            .may_end = later(claim.invoked, claim.lease),
            .must_end =
                later(later(claim.responded, claim.lease), about_.slack)};
  if (auto found = deaths_.find(claim.client); found != deaths_.end())
    held.may_end = std::min(held.may_end, found->second);
  if (auto found = released_.find(claim.claim); found != released_.end()) {
    held.may_end = std::min(held.may_end, at(found->second).invoked);
    if (at(found->second).how == outcome::ok)
      held.must_end = std::min(held.must_end, at(found->second).responded);
  }
  return held;
}

void lives::check_claims(tuple_id id, const life& each) {
  if (each.claims.empty())
    return;
  std::vector<hold> holds;
  for (auto claim : each.claims)
    holds.push_back(hold_of(claim));
  std::ranges::sort(holds, {}, &hold::given);
  check_between(id, holds);
  check_sights_in(id, each, holds);
}

/// Of two claims that follow each other, one must have been able to end before
/// the other was given.
void lives::check_between(tuple_id id, const std::vector<hold>& holds) {
  for (std::size_t index = 1; index < holds.size(); ++index) {
    const auto& a = holds[index - 1];
    const auto& b = holds[index];
    if (a.may_end > b.given && b.may_end > a.given)
      add(fault::while_claimed, id, {a.claim, b.claim}, "was claimed twice");
  }
}

/// Reads lie outside the time of every claim; a take ends all claims, so each
/// must have been able to end before the take was answered.
void lives::check_sights_in(tuple_id id, const life& each,
                            const std::vector<hold>& holds) {
  for (auto sight : each.sights) {
    const auto& what = at(sight);
    if (what.what == verb::read) {
      auto after =
          std::ranges::lower_bound(holds, what.invoked, {}, &hold::given);
      if (after != holds.begin() && std::prev(after)->may_end > what.responded)
        add(fault::while_claimed, id, {std::prev(after)->claim, sight},
            "was read while it was claimed");
    }
    if (removes(what.what))
      for (const auto& held : holds)
        if (held.may_end > what.responded)
          add(fault::while_claimed, id, {held.claim, sight},
              "was taken while it was claimed");
  }
}

/// A confirm or release that succeeded needs a claim that may still hold.
void lives::check_claim_ends() {
  for (operation_index index = 0; index < about_.operations.size(); ++index) {
    const auto& each = at(index);
    bool ends = each.what == verb::confirm || each.what == verb::release;
    if (!ends || each.how != outcome::ok)
      continue;
    auto claim = claims_.at(each.claim);
    auto must_end = hold_of(claim).must_end;
    if (each.invoked > must_end)
      add(fault::claim_outlived, *at(claim).answer, {claim, index},
          fmt::format("had a claim that ended at {} at the latest", must_end));
  }
}

bool lives::may_have_ended(const tuple& what, operation_index writer) const {
  return later(at(writer).invoked, what.lease) <= end_;
}

/// Written for certain, not found, and not gone by its lease or by a confirm
/// that left nothing which would have to be found in its place.
bool lives::missing(const life& each) const {
  if (!each.writer || !happened(*each.writer) || each.remaining > 0
      || !each.removals.empty() || may_have_ended(*each.what, *each.writer))
    return false;
  return std::ranges::none_of(each.perhaps, [&](auto index) {
    return std::ranges::all_of(at(index).writes, [&](const tuple& written) {
      return may_have_ended(written, index);
    });
  });
}

/// Whether a removal of unknown outcome may be why a tuple is missing. If its
/// claim may have been confirmed, the results may be what it removed.
bool lives::explains(operation_index removal, const life& each) const {
  const auto& asked = at(removal).asked;
  if (asked.matches(*each.what))
    return true;
  return std::ranges::any_of(each.perhaps, [&](auto index) {
    return std::ranges::any_of(at(index).writes, [&](const tuple& written) {
      return asked.matches(written);
    });
  });
}

/// Matches what is missing to the removals of unknown outcome, by augmenting
/// paths (Kuhn 1955); what cannot be matched is lost.
void lives::check_lost() {
  std::vector<operation_index> unknown;
  for (operation_index index = 0; index < about_.operations.size(); ++index)
    if (at(index).how == outcome::unknown && removes(at(index).what))
      unknown.push_back(index);
  std::vector<const life*> taken_by(unknown.size(), nullptr);
  std::vector<bool> tried;
  std::function<bool(const life&)> place = [&](const life& each) {
    for (std::size_t index = 0; index < unknown.size(); ++index) {
      if (tried[index] || !explains(unknown[index], each))
        continue;
      tried[index] = true;
      if (!taken_by[index] || place(*taken_by[index])) {
        taken_by[index] = &each;
        return true;
      }
    }
    return false;
  };
  for (auto id : ids_) {
    const auto& each = lives_.at(id);
    if (!missing(each))
      continue;
    tried.assign(unknown.size(), false);
    if (!place(each))
      add(fault::lost, id, {*each.writer},
          "was written, removed by nobody, and is not there at the end");
  }
}

} // namespace

std::string_view to_string(fault what) {
  switch (what) {
  case fault::from_nowhere:
    return "from nowhere";
  case fault::twice:
    return "twice";
  case fault::after_removal:
    return "after its removal";
  case fault::after_lease:
    return "after its lease";
  case fault::while_claimed:
    return "while claimed";
  case fault::claim_outlived:
    return "claim outlived";
  case fault::lost:
    return "lost";
  }
  return "?";
}

std::vector<finding> check_unique_tuples(const history& what) {
  WEFT_ASSERT(malformed(what).empty());
  return lives{what}.check();
}

} // namespace weft::checkers

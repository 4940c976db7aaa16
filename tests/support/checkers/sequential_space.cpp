#include "tests/support/checkers/sequential_space.hpp"

#include "tests/support/checkers/write_order.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace weft::checkers {

namespace {

/// Shows a tuple again when its claim ends, or drops it if its lease has.
void put_back(space_content::iterator at, space_content& content) {
  at->claim = 0;
  if (at->ended)
    content.erase(at);
}

/// Where the claim of a confirm or release holds a tuple.
auto held_by(std::uint32_t claim, space_content& content) {
  return std::ranges::find(content, claim, &held_tuple::claim);
}

auto holding(std::uint32_t tuple, space_content& content) {
  return std::ranges::find(content, tuple, &held_tuple::tuple);
}

std::uint32_t claim_of(std::size_t operation) {
  return static_cast<std::uint32_t>(operation + 1);
}

tick death_of(client_id client, const history& about) {
  tick at = forever;
  for (const auto& each : about.deaths)
    if (each.client == client)
      at = std::min(at, each.at);
  return at;
}

bool asking(verb what) {
  return what == verb::read || what == verb::take || what == verb::swap
         || what == verb::claim;
}

} // namespace

sequential_space::sequential_space(const history& about, tick cut,
                                   bool inferred)
    : about_{about}, whole_{cut >= end_of(about)} {
  cut = std::min(cut, end_of(about));
  for (std::size_t index = 0; index < about.operations.size(); ++index)
    if (about.operations[index].what == verb::claim)
      claims_[about.operations[index].claim] = index;
  for (std::size_t index = 0; index < about.operations.size(); ++index)
    if (about.operations[index].invoked <= cut
        && about.operations[index].how != outcome::failed)
      add_operation(index, cut);
  accounted_for_.resize(tuples_.size());
  if (inferred)
    drop_unseen_writes(cut);
  sort_tasks();
  if (inferred) {
    accounted_for_ = accounted_for(about, cut, whole_, tuples_);
    infer_write_order(about_, cut, tuples_, tasks_);
  }
}

/// A write of unknown outcome of which nothing was seen may as well not have
/// happened, with what may have removed its tuples; except for a swap, which
/// needs something to remove for what it wrote.
void sequential_space::drop_unseen_writes(tick cut) {
  auto seen = seen_ids(about_, cut, whole_);
  auto how = [&](const task& each) -> const operation& {
    return about_.operations[each.operation];
  };
  if (std::ranges::any_of(tasks_, [&](const task& each) {
        return how(each).what == verb::swap && !each.answered;
      }))
    return;
  std::vector<bool> dropped(about_.operations.size());
  for (const auto& each : tasks_)
    if (each.what == task::kind::operation && !each.answered
        && how(each).what == verb::write)
      dropped[each.operation] =
          std::ranges::none_of(how(each).writes, [&](const tuple& written) {
            return std::ranges::binary_search(seen, written.id);
          });
  std::erase_if(tasks_,
                [&](const task& each) { return dropped[each.operation]; });
}

void sequential_space::add_operation(std::size_t operation, tick cut) {
  const auto& what = about_.operations[operation];
  bool answered = what.how == outcome::ok && what.responded <= cut;
  if (what.what == verb::read && !answered)
    return;
  auto first = static_cast<std::uint32_t>(tuples_.size());
  tuples_.insert(tuples_.end(), what.writes.begin(), what.writes.end());
  tasks_.push_back({.operation = operation,
                    .tuple = first,
                    .from = what.invoked,
                    .until = answered ? what.responded : forever,
                    .answered = answered,
                    .after = {}});
  if (what.what == verb::claim && (!answered || what.answer))
    add_claim_end(operation, answered, cut);
  // A swap that found nothing wrote nothing.
  if (what.what != verb::swap || !answered || what.answer)
    add_lease_ends(operation, first, answered, cut);
}

void sequential_space::add_claim_end(std::size_t operation, bool answered,
                                     tick cut) {
  const auto& what = about_.operations[operation];
  auto from = std::max(what.invoked, std::min(later(what.invoked, what.lease),
                                              death_of(what.client, about_)));
  auto until = later(later(what.responded, what.lease), about_.slack);
  if (from <= cut)
    tasks_.push_back({.what = task::kind::claim_ends,
                      .operation = operation,
                      .from = from,
                      .until = answered && until <= cut ? until : forever,
                      .answered = true,
                      .after = {operation}});
}

void sequential_space::add_lease_ends(std::size_t operation,
                                      std::uint32_t first, bool answered,
                                      tick cut) {
  const auto& what = about_.operations[operation];
  for (std::uint32_t index = 0; index < what.writes.size(); ++index) {
    auto lease = what.writes[index].lease;
    auto from = later(what.invoked, lease);
    auto until = later(later(what.responded, lease), about_.slack);
    if (lease != forever && from <= cut)
      tasks_.push_back({.what = task::kind::lease_ends,
                        .operation = operation,
                        .tuple = first + index,
                        .from = from,
                        .until = answered && until <= cut ? until : forever,
                        .answered = true,
                        .after = {operation}});
  }
}

/// By time, and turns `after` from an operation into a task.
void sequential_space::sort_tasks() {
  std::ranges::stable_sort(tasks_, [](const task& a, const task& b) {
    return std::pair{a.from, a.what} < std::pair{b.from, b.what};
  });
  std::map<std::size_t, std::size_t> task_of;
  for (std::size_t index = 0; index < tasks_.size(); ++index)
    if (tasks_[index].what == task::kind::operation)
      task_of[tasks_[index].operation] = index;
  for (auto& each : tasks_)
    for (auto& before : each.after)
      before = task_of.at(before);
}

std::vector<std::uint32_t>
sequential_space::oldest(const pattern& asked, const space_content& now) const {
  std::vector<std::uint32_t> first;
  for (const auto& each : now) {
    const auto& what = tuples_[each.tuple];
    if (each.claim == 0 && asked.matches(what)
        && std::ranges::none_of(first, [&](std::uint32_t other) {
             return tuples_[other].shard == what.shard;
           }))
      first.push_back(each.tuple);
  }
  return first;
}

bool sequential_space::answers(const operation& what,
                               std::uint32_t tuple) const {
  return what.answer == tuples_[tuple].id;
}

void sequential_space::write(const task& what, space_content& into) const {
  auto count = about_.operations[what.operation].writes.size();
  for (std::uint32_t index = 0; index < count; ++index)
    into.push_back({.tuple = what.tuple + index, .claim = 0});
}

void sequential_space::apply(
    const task& what, const space_content& before,
    const std::function<void(space_content)>& visit) const {
  const auto& how = about_.operations[what.operation];
  if (what.what == task::kind::operation && asking(how.what)) {
    apply_asking(what, before, visit);
    return;
  }
  auto next = before;
  if (what.what == task::kind::lease_ends) {
    if (auto at = holding(what.tuple, next); at != next.end()) {
      at->ended = true;
      if (at->claim == 0)
        next.erase(at);
    }
  } else if (what.what == task::kind::claim_ends) {
    if (auto at = held_by(claim_of(what.operation), next); at != next.end())
      put_back(at, next);
  } else {
    if (how.what != verb::write) {
      auto at = held_by(claim_of(claims_.at(how.claim)), next);
      if (at == next.end())
        return;
      if (how.what == verb::confirm)
        next.erase(at);
      else
        put_back(at, next);
    }
    write(what, next);
  }
  visit(std::move(next));
}

void sequential_space::apply_asking(
    const task& what, const space_content& before,
    const std::function<void(space_content)>& visit) const {
  const auto& how = about_.operations[what.operation];
  auto found = oldest(how.asked, before);
  if (what.answered && !how.answer && found.empty())
    visit(before);
  for (auto tuple : found) {
    if (what.answered ? !answers(how, tuple)
                      : how.what != verb::claim && accounted_for_[tuple])
      continue;
    auto next = before;
    auto at = holding(tuple, next);
    if (how.what == verb::claim)
      at->claim = claim_of(what.operation);
    else if (how.what != verb::read)
      next.erase(at);
    write(what, next);
    visit(std::move(next));
  }
}

bool sequential_space::idle(const task& what, const space_content& now) const {
  if (what.what == task::kind::lease_ends)
    return std::ranges::find(now, what.tuple, &held_tuple::tuple) == now.end();
  if (what.what == task::kind::claim_ends)
    return std::ranges::find(now, claim_of(what.operation), &held_tuple::claim)
           == now.end();
  const auto& how = about_.operations[what.operation];
  if (!what.answered || !asking(how.what)
      || (how.what != verb::read && how.answer))
    return false;
  auto found = oldest(how.asked, now);
  return how.answer ? std::ranges::any_of(
             found, [&](std::uint32_t each) { return answers(how, each); })
                    : found.empty();
}

std::string sequential_space::why_not(const task& what,
                                      const space_content& now) const {
  bool can = false;
  apply(what, now, [&](const space_content&) { can = true; });
  if (can)
    return "";
  const auto& how = about_.operations[what.operation];
  if (!asking(how.what))
    return "its claim has ended";
  auto found = oldest(how.asked, now);
  if (found.empty())
    return "nothing matches then";
  std::vector<tuple_id> ids;
  for (auto each : found)
    ids.push_back(tuples_[each].id);
  return fmt::format("the oldest that matches is then tuple {}",
                     fmt::join(ids, " or "));
}

bool sequential_space::remains(const space_content& now) const {
  if (!whole_ || !about_.remaining)
    return true;
  std::vector<tuple_id> ids;
  for (const auto& each : now)
    if (!each.ended)
      ids.push_back(tuples_[each.tuple].id);
  auto expected = *about_.remaining;
  std::ranges::sort(ids);
  std::ranges::sort(expected);
  return ids == expected;
}

} // namespace weft::checkers

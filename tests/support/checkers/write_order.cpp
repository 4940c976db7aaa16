#include "tests/support/checkers/write_order.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace weft::checkers {

namespace {

/// A tuple that one task alone writes.
struct written {
  const tuple* what = nullptr;
  std::size_t writer = 0;
  /// It is certainly there from after `since` until before `until`.
  tick since = forever;
  tick until = forever;
  bool unique = true;
};

/// `before` writes an older tuple than `after`.
struct write_pair {
  std::size_t before = 0;
  std::size_t after = 0;
};

class write_order {
public:
  write_order(const history& about, tick cut, const std::vector<tuple>& tuples,
              std::vector<task>& tasks)
      : about_{about}, cut_{cut}, tuples_{tuples}, tasks_{tasks} {}

  void infer() {
    note_writes();
    for (const auto& each : about_.operations)
      if (each.invoked <= cut_ && each.how != outcome::failed)
        note(each);
    for (const auto& each : about_.operations)
      if (answered(each))
        compare(each);
    hasten();
  }

private:
  bool answered(const operation& what) const {
    return what.answer && what.responded <= cut_;
  }
  const operation& of(const task& what) const {
    return about_.operations[what.operation];
  }
  void note_writes();
  void note(const operation& what);
  void compare(const operation& what);
  void hasten();

  const history& about_;
  tick cut_;
  const std::vector<tuple>& tuples_;
  std::vector<task>& tasks_;
  std::map<tuple_id, written> written_;
  std::vector<write_pair> pairs_;
};

void write_order::note_writes() {
  for (std::size_t index = 0; index < tasks_.size(); ++index) {
    const auto& by = tasks_[index];
    const auto& how = of(by);
    bool empty_swap = how.what == verb::swap && by.answered && !how.answer;
    if (by.what != task::kind::operation || empty_swap)
      continue;
    for (std::size_t which = 0; which < how.writes.size(); ++which) {
      const auto& what = tuples_[by.tuple + which];
      auto [found, added] = written_.try_emplace(what.id);
      found->second = {.what = &what,
                       .writer = index,
                       .since = by.until,
                       .until = later(how.invoked, what.lease),
                       .unique = added};
    }
  }
}

/// When tuples may have been removed or hidden, and when they were seen.
void write_order::note(const operation& what) {
  bool seen = answered(what);
  bool hides = what.what == verb::take || what.what == verb::swap
               || what.what == verb::claim;
  if (seen) {
    auto found = written_.find(*what.answer);
    if (found == written_.end() || !found->second.unique)
      return;
    auto& by = tasks_[found->second.writer];
    by.until = std::min(by.until, std::max(by.from, what.responded));
    found->second.since = std::min(found->second.since, what.responded);
    if (hides)
      found->second.until = std::min(found->second.until, what.invoked);
  } else if (hides && (what.how == outcome::unknown || what.responded > cut_)) {
    for (auto& [id, each] : written_)
      if (what.asked.matches(*each.what))
        each.until = std::min(each.until, what.invoked);
  }
}

/// What was answered is older than what also matched and was there.
void write_order::compare(const operation& what) {
  auto found = written_.find(*what.answer);
  if (found == written_.end() || !found->second.unique)
    return;
  const auto& older = found->second;
  for (const auto& [id, each] : written_) {
    bool there = each.since < what.invoked && each.until > what.responded;
    bool open = tasks_[older.writer].until >= tasks_[each.writer].from
                && tasks_[each.writer].until >= tasks_[older.writer].from;
    if (there && open && each.unique && each.writer != older.writer
        && each.what->shard == older.what->shard
        && what.asked.matches(*each.what)) {
      tasks_[each.writer].after.push_back(older.writer);
      pairs_.push_back({older.writer, each.writer});
    }
  }
}

/// What comes before something is at least as urgent.
void write_order::hasten() {
  for (bool changed = true; changed;) {
    changed = false;
    for (auto [before, after] : pairs_)
      if (tasks_[before].until > tasks_[after].until
          && tasks_[before].from <= tasks_[after].until) {
        tasks_[before].until = tasks_[after].until;
        changed = true;
      }
  }
}

} // namespace

void infer_write_order(const history& about, tick cut,
                       const std::vector<tuple>& tuples,
                       std::vector<task>& tasks) {
  write_order{about, cut, tuples, tasks}.infer();
}

std::vector<bool> accounted_for(const history& about, tick cut, bool whole,
                                const std::vector<tuple>& tuples) {
  std::map<claim_id, tuple_id> claims;
  std::set<tuple_id> gone;
  for (const auto& each : about.operations) {
    if (!each.answer || each.responded > cut)
      continue;
    if (each.what == verb::claim)
      claims[each.claim] = *each.answer;
    else if (each.what != verb::read)
      gone.insert(*each.answer);
  }
  for (const auto& each : about.operations)
    if (each.what == verb::confirm && each.how == outcome::ok
        && each.responded <= cut)
      gone.insert(claims.at(each.claim));
  if (whole && about.remaining)
    gone.insert(about.remaining->begin(), about.remaining->end());
  std::map<tuple_id, std::size_t> count;
  for (const auto& each : tuples)
    ++count[each.id];
  std::vector<bool> result;
  for (const auto& each : tuples)
    result.push_back(count[each.id] == 1 && gone.contains(each.id));
  return result;
}

std::vector<tuple_id> seen_ids(const history& about, tick cut, bool whole) {
  std::vector<tuple_id> ids;
  for (const auto& each : about.operations)
    if (each.answer && each.responded <= cut)
      ids.push_back(*each.answer);
  if (whole && about.remaining)
    ids.insert(ids.end(), about.remaining->begin(), about.remaining->end());
  std::ranges::sort(ids);
  return ids;
}

} // namespace weft::checkers

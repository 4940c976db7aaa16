#include "tests/support/checkers/linearizability.hpp"

#include "runtime/base/assert.hpp"
#include "tests/support/checkers/sequential_space.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace weft::checkers {

namespace {

using task_index = std::uint32_t;

/// Where a search is: what has taken effect, and what the space then holds.
struct place {
  std::vector<bool> done;
  /// All tasks before it are done.
  task_index first_open = 0;
  std::size_t required_done = 0;
  space_content content;
};

/// One step from a place to the next.
struct move {
  task_index by = 0;
  space_content after;
};

/// A place with the ways on that are still to be tried.
struct visited {
  place where;
  /// What has led here from the place before, in order.
  std::vector<task_index> steps;
  std::vector<move> ways;
};

struct search_result {
  verdict answer = verdict::undecided;
  std::size_t states = 0;
  /// Where most of what is required was done, and the order until there.
  place furthest;
  std::vector<task_index> order;
};

/// Depth first through the orders of a history's tasks.
class order_search {
public:
  order_search(const sequential_space& space, std::size_t states_max)
      : space_{space}, tasks_{space.tasks()}, states_max_{states_max} {}

  search_result run();

private:
  void open(place where, std::vector<task_index> steps);
  void step();
  void mark(place& where, task_index which) const;
  std::vector<task_index> enabled(const place& where) const;
  bool complete(const place& where) const;
  bool settle(place& where, std::vector<task_index>& steps) const;
  std::vector<move> ways_from(const place& where) const;
  bool is_new(const place& where);
  void remember(const place& where);

  const sequential_space& space_;
  const std::vector<task>& tasks_;
  std::size_t states_max_;
  std::size_t required_ = 0;
  std::vector<visited> path_;
  std::unordered_set<std::string> seen_;
  bool found_ = false;
  bool began_ = false;
  search_result result_;
};

search_result order_search::run() {
  required_ =
      static_cast<std::size_t>(std::ranges::count_if(tasks_, &task::required));
  place start;
  start.done.resize(tasks_.size());
  open(std::move(start), {});
  while (!found_ && !path_.empty() && seen_.size() < states_max_)
    step();
  result_.states = seen_.size();
  if (found_)
    result_.answer = verdict::linearizable;
  else if (path_.empty())
    result_.answer = verdict::violated;
  return std::move(result_);
}

/// Enters a place, unless the search has been there.
void order_search::open(place where, std::vector<task_index> steps) {
  while (settle(where, steps)) {
  }
  if (!is_new(where))
    return;
  path_.push_back({std::move(where), std::move(steps), {}});
  auto& here = path_.back();
  remember(here.where);
  found_ = complete(here.where) && space_.remains(here.where.content);
  if (!found_)
    here.ways = ways_from(here.where);
}

/// Goes one step on, or back if there is none.
void order_search::step() {
  auto& here = path_.back();
  if (here.ways.empty()) {
    path_.pop_back();
    return;
  }
  auto way = std::move(here.ways.back());
  here.ways.pop_back();
  auto next = here.where;
  next.content = std::move(way.after);
  mark(next, way.by);
  open(std::move(next), {way.by});
}

void order_search::mark(place& where, task_index which) const {
  where.done[which] = true;
  where.required_done += tasks_[which].required() ? 1 : 0;
  while (where.first_open < tasks_.size() && where.done[where.first_open])
    ++where.first_open;
}

/// What may take effect next: nothing still open had to be done before it.
std::vector<task_index> order_search::enabled(const place& where) const {
  std::vector<task_index> open;
  tick bound = forever;
  for (auto index = where.first_open;
       index < tasks_.size() && tasks_[index].from <= bound; ++index)
    if (!where.done[index]) {
      bound = std::min(bound, tasks_[index].until);
      open.push_back(index);
    }
  std::erase_if(open, [&](task_index each) {
    const auto& what = tasks_[each];
    return what.from > bound
           || !std::ranges::all_of(what.after, [&](std::size_t before) {
                return where.done[before];
              });
  });
  return open;
}

bool order_search::complete(const place& where) const {
  return where.required_done == required_;
}

/// Does what changes nothing; true if there was any.
bool order_search::settle(place& where, std::vector<task_index>& steps) const {
  auto before = steps.size();
  for (auto each : enabled(where))
    if (space_.idle(tasks_[each], where.content)) {
      mark(where, each);
      steps.push_back(each);
    }
  return steps.size() > before;
}

/// The most urgent last, where it is taken from first.
std::vector<move> order_search::ways_from(const place& where) const {
  auto open = enabled(where);
  std::ranges::stable_sort(
      open, [&](auto a, auto b) { return tasks_[a].until > tasks_[b].until; });
  std::vector<move> ways;
  for (auto each : open)
    space_.apply(tasks_[each], where.content, [&](space_content after) {
      ways.push_back({each, std::move(after)});
    });
  return ways;
}

/// Lowe's cache. The key is exact: a hash alone might take two states for one,
/// and so call a correct history wrong.
bool order_search::is_new(const place& where) {
  std::string key;
  auto append = [&](std::uint32_t number) {
    key.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  append(where.first_open);
  std::uint32_t bits = 0;
  std::uint32_t width = 0;
  auto last = where.done.size();
  while (last > where.first_open && !where.done[last - 1])
    --last;
  append(static_cast<std::uint32_t>(last));
  for (auto index = where.first_open; index < last; ++index) {
    bits = bits << 1U | (where.done[index] ? 1U : 0U);
    if (++width == 32) {
      append(std::exchange(bits, 0U));
      width = 0;
    }
  }
  append(bits);
  for (const auto& each : where.content) {
    append(each.tuple);
    append(each.claim);
    append(each.ended ? 1 : 0);
  }
  return seen_.insert(std::move(key)).second;
}

/// Keeps the place that came furthest.
void order_search::remember(const place& where) {
  if (began_ && where.required_done <= result_.furthest.required_done)
    return;
  began_ = true;
  result_.furthest = where;
  result_.order.clear();
  for (const auto& each : path_)
    result_.order.insert(result_.order.end(), each.steps.begin(),
                         each.steps.end());
}

search_result search_until(const history& what, tick cut,
                           const search_options& options) {
  sequential_space space{what, cut, options.infer};
  return order_search{space, options.states_max}.run();
}

/// The times of the responses, each once.
std::vector<tick> responses(const history& what) {
  std::vector<tick> times;
  for (const auto& each : what.operations)
    if (each.how == outcome::ok)
      times.push_back(each.responded);
  times.push_back(end_of(what));
  std::ranges::sort(times);
  times.erase(std::ranges::unique(times).begin(), times.end());
  return times;
}

std::string task_in_words(const task& what, const sequential_space& space) {
  const auto& about = space.about();
  switch (what.what) {
  case task::kind::operation:
    return describe(about, what.operation);
  case task::kind::claim_ends:
    return fmt::format("claim {} ends ({}..)",
                       about.operations[what.operation].claim, what.from);
  case task::kind::lease_ends:
    return fmt::format("the lease of tuple {} ends ({}..)",
                       space.tuples()[what.tuple].id, what.from);
  }
  return "?";
}

std::string content_in_words(const space_content& content,
                             const sequential_space& space) {
  std::vector<std::string> all;
  for (const auto& each : content)
    all.push_back(fmt::format("{}{}", space.tuples()[each.tuple].id,
                              each.claim == 0 ? "" : " (claimed)"));
  return all.empty() ? "nothing" : fmt::format("{}", fmt::join(all, ", "));
}

/// The last few steps of the order that came furthest.
std::string order_in_words(const std::vector<task_index>& order,
                           const sequential_space& space) {
  constexpr std::size_t shown_max = 6;
  auto from = order.size() - std::min(order.size(), shown_max);
  std::string text = from > 0 ? "  ...\n" : "";
  for (auto index = from; index < order.size(); ++index)
    text += fmt::format("  {}\n",
                        task_in_words(space.tasks()[order[index]], space));
  return text;
}

/// What is required and still open where the search came furthest, and could
/// have been next.
std::vector<task_index> blocked_at(const place& where,
                                   const sequential_space& space) {
  const auto& tasks = space.tasks();
  tick bound = forever;
  for (std::size_t index = 0; index < tasks.size(); ++index)
    if (!where.done[index])
      bound = std::min(bound, tasks[index].until);
  std::vector<task_index> all;
  for (task_index index = 0; index < tasks.size(); ++index)
    if (!where.done[index] && tasks[index].required()
        && tasks[index].from <= bound)
      all.push_back(index);
  return all;
}

void explain(const search_result& how, const sequential_space& space, tick cut,
             linearizability& into) {
  const auto& about = space.about();
  for (const auto& each : space.tasks())
    if (each.what == task::kind::operation)
      into.prefix.push_back(each.operation);
  into.why = fmt::format("no order explains what happened up to {}; the best "
                         "one ends with\n{}then the space holds {}\n",
                         cut, order_in_words(how.order, space),
                         content_in_words(how.furthest.content, space));
  for (auto each : blocked_at(how.furthest, space)) {
    const auto& what = space.tasks()[each];
    auto reason = space.why_not(what, how.furthest.content);
    into.why +=
        fmt::format("  {}: {}\n", task_in_words(what, space),
                    reason.empty() ? "possible, but leads no further" : reason);
    if (what.what == task::kind::operation)
      into.blocked.push_back(what.operation);
  }
  if (into.blocked.empty() && about.remaining)
    into.why +=
        fmt::format("but at the end it held {}\n",
                    about.remaining->empty()
                        ? "nothing"
                        : fmt::format("{}", fmt::join(*about.remaining, ", ")));
}

/// A search without inferences comes to the answer that does not fit, and not
/// to a write that is known not to help; but it may take too long.
void explain_until(const history& what, tick cut, const search_options& options,
                   linearizability& into) {
  for (bool inferred : {false, true}) {
    sequential_space space{what, cut, inferred};
    auto how = order_search{space, options.states_max}.run();
    if (how.answer != verdict::violated && !inferred)
      continue;
    explain(how, space, cut, into);
    return;
  }
}

} // namespace

linearizability check_linearizable(const history& what,
                                   const search_options& options) {
  WEFT_ASSERT(malformed(what).empty());
  linearizability result;
  auto whole = search_until(what, forever, options);
  result.answer = whole.answer;
  result.states = whole.states;
  if (whole.answer != verdict::violated)
    return result;
  // A prefix of a history that can be ordered can be, so bisection finds the
  // first that cannot; a search that gives up counts as "can", which makes the
  // prefix longer but not wrong.
  auto times = responses(what);
  auto violated = [&](tick cut) {
    return search_until(what, cut, options).answer == verdict::violated;
  };
  auto first = std::ranges::partition_point(
      times.begin(), times.end() - 1, [&](tick cut) { return !violated(cut); });
  explain_until(what, *first, options, result);
  return result;
}

} // namespace weft::checkers

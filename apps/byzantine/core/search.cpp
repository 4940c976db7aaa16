#include "apps/byzantine/core/council.hpp"
#include "runtime/base/assert.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <limits>
#include <random>
#include <utility>

namespace weft::byzantine {

namespace {

/// Messages that a loyal general in this place sends under OM(m).
std::size_t messages_of(const plan& what, general_id who) {
  if (who == commander)
    return what.generals - 1;
  // By each path of a length to all who are neither on it nor oneself.
  std::size_t sum = 0;
  std::size_t paths = 1;
  for (std::uint32_t round = 2; round <= what.rounds(); ++round) {
    sum += paths * (what.generals - round);
    paths *= what.generals - round;
  }
  return sum;
}

/// Sets of 1 to `most` numbers below `count`.
void add_sets(std::uint32_t count, std::uint32_t most, general_id from,
              std::set<general_id>& chosen,
              std::vector<std::set<general_id>>& all) {
  if (!chosen.empty())
    all.push_back(chosen);
  if (chosen.size() == most)
    return;
  for (auto who = from; who < count; ++who) {
    chosen.insert(who);
    add_sets(count, most, who + 1, chosen, all);
    chosen.erase(who);
  }
}

/// 3 to the power of `exponent`, at most `limit` + 1.
std::uint64_t ways(std::size_t exponent, std::uint64_t limit) {
  std::uint64_t power = 1;
  for (; exponent > 0 && power <= limit; --exponent)
    power *= 3;
  return std::min(power, limit + 1);
}

/// All combinations of lies, or random ones.
class liar {
public:
  explicit liar(std::size_t count) : lies_(count) {}

  /// The next combination; false after the last one.
  bool advance() {
    for (auto& one : lies_) {
      if (one != lie::nothing) {
        one = static_cast<lie>(static_cast<int>(one) + 1);
        return true;
      }
      one = lie::retreat;
    }
    return false;
  }

  void draw(std::mt19937_64& random) {
    for (auto& one : lies_)
      one = static_cast<lie>(random() % 3);
  }

  /// Each traitor's share.
  std::map<general_id, std::vector<lie>> shares(const plan& what) const {
    std::map<general_id, std::vector<lie>> all;
    auto next = lies_.begin();
    for (auto who : what.traitors) {
      auto end = next + static_cast<std::ptrdiff_t>(messages_of(what, who));
      all[who].assign(next, end);
      next = end;
    }
    return all;
  }

private:
  std::vector<lie> lies_;
};

class hunt {
public:
  hunt(const plan& what, std::uint64_t runs_max)
      : plan_(what), runs_max_(runs_max), random_(what.seed) {
    std::set<general_id> chosen;
    add_sets(what.generals, what.traitors_max, 0, chosen, sets_);
  }

  search_result run() {
    result_.exhaustive = runs_needed() <= runs_max_;
    if (result_.exhaustive)
      try_all();
    else
      try_some();
    return std::move(result_);
  }

private:
  std::size_t messages_of_all(const std::set<general_id>& traitors) const {
    std::size_t sum = 0;
    for (auto who : traitors)
      sum += messages_of(plan_, who);
    return sum;
  }

  std::uint64_t runs_needed() const {
    std::uint64_t sum = 0;
    for (const auto& traitors : sets_) {
      sum += 2 * ways(messages_of_all(traitors), runs_max_);
      if (sum > runs_max_)
        break;
    }
    return sum;
  }

  /// True if it is a violation.
  bool attempt(const liar& lies) {
    auto script = lies.shares(plan_);
    auto how = run_council(plan_, {}, [&](general_id who) {
      return make_scripted_treason(script.at(who));
    });
    ++result_.runs;
    if (how.holds())
      return false;
    result_.found = violation{plan_.traitors, plan_.commanded,
                              std::move(script), std::move(how)};
    return true;
  }

  void try_all() {
    for (const auto& traitors : sets_)
      for (auto commanded : {order::attack, order::retreat}) {
        plan_.traitors = traitors;
        plan_.commanded = commanded;
        liar lies{messages_of_all(traitors)};
        do {
          if (attempt(lies))
            return;
        } while (lies.advance());
      }
  }

  void try_some() {
    while (result_.runs < runs_max_) {
      plan_.traitors = sets_[random_() % sets_.size()];
      plan_.commanded = random_() % 2 == 0 ? order::attack : order::retreat;
      liar lies{messages_of_all(plan_.traitors)};
      lies.draw(random_);
      if (attempt(lies))
        return;
    }
  }

  plan plan_;
  std::uint64_t runs_max_;
  std::mt19937_64 random_;
  std::vector<std::set<general_id>> sets_;
  search_result result_;
};

} // namespace

result<search_result> search(const plan& what, std::uint64_t runs_max) {
  if (auto possible = check(what); !possible)
    return pass_on(possible);
  if (what.algorithm != algorithm::oral)
    return fail(errc::invalid_argument,
                "search: looks at oral messages; with signed ones traitors "
                "have no lies to choose from");
  if (what.traitors_max == 0)
    return search_result{.found = {}, .runs = 0, .exhaustive = true};
  return hunt{what, runs_max}.run();
}

} // namespace weft::byzantine

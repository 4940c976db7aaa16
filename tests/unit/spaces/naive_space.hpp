#pragma once

#include "tests/unit/spaces/support.hpp"

#include <algorithm>
#include <map>

namespace weft::spaces {

/// A space that scans lists: the reference for random tests. It has no index
/// and no timers, and says what happens in the words of `space_fixture`.
/// Collects must have patterns of which no tuple matches two.
class naive_space {
public:
  struct kept {
    std::uint64_t sequence = 0;
    tuple what;
    time_point end = time_point::max();
    /// 0: it is seen.
    claim_id claim = 0;
  };

  struct waiting_one {
    spaces::ticket ticket = 0;
    client_id client = 0;
    std::vector<pattern> patterns;
    bool takes = false;
    time_point end;
    std::optional<duration> claim_lease;
    /// The pattern that it listens for: the first that had no tuple.
    std::size_t short_of = 0;
  };

  struct held_claim {
    client_id client = 0;
    time_point end;
  };

  void write(tuple what, std::optional<duration> lease, time_point now) {
    kept one{++last_sequence_, std::move(what), time_point::max(), 0};
    if (lease)
      one.end = now + *lease;
    tuples_.push_back(one);
    settle(one.sequence, now);
  }

  /// The text of what was got; "" when nothing was.
  std::string ask(waiting_one by, duration timeout, time_point now) {
    if (auto got = try_serve(by, now))
      return *got;
    if (timeout > duration::zero()) {
      by.end = now + timeout;
      waiting_.push_back(std::move(by));
    }
    return "";
  }

  std::size_t count(const pattern& what) const {
    return static_cast<std::size_t>(
        std::count_if(tuples_.begin(), tuples_.end(), [&](const kept& each) {
          return each.claim == 0 && what.matches(each.what);
        }));
  }

  bool confirm(claim_id claim, client_id client) {
    if (!end_claim(claim, client))
      return false;
    std::erase_if(tuples_,
                  [&](const kept& each) { return each.claim == claim; });
    return true;
  }

  bool release(claim_id claim, client_id client, time_point now) {
    if (!end_claim(claim, client))
      return false;
    put_back({claim}, now);
    return true;
  }

  void drop_client(client_id client, time_point now) {
    std::erase_if(waiting_, [&](const waiting_one& each) {
      return each.client == client;
    });
    std::vector<claim_id> ended;
    for (const auto& [id, each] : claims_)
      if (each.client == client)
        ended.push_back(id);
    for (const auto each : ended)
      claims_.erase(each);
    put_back(ended, now);
  }

  void advance(time_point now) {
    std::erase_if(waiting_, [&](const waiting_one& each) {
      if (each.end > now)
        return false;
      told_.push_back(std::to_string(each.ticket) + ": timed out");
      return true;
    });
    std::erase_if(tuples_, [&](const kept& each) {
      return each.end <= now && each.claim == 0;
    });
    std::vector<claim_id> ended;
    for (const auto& [id, each] : claims_)
      if (each.end <= now)
        ended.push_back(id);
    for (const auto each : ended)
      claims_.erase(each);
    put_back(ended, now);
  }

  texts take_told() { return std::exchange(told_, {}); }

  texts all() const {
    texts seen;
    for (const auto& each : tuples_)
      if (each.claim == 0)
        seen.push_back(to_text(each.what));
    return seen;
  }

  const std::map<claim_id, held_claim>& claims() const { return claims_; }

private:
  kept* oldest(const pattern& what) {
    for (auto& each : tuples_)
      if (each.claim == 0 && what.matches(each.what))
        return &each;
    return nullptr;
  }

  bool end_claim(claim_id claim, client_id client) {
    const auto found = claims_.find(claim);
    if (found == claims_.end() || found->second.client != client)
      return false;
    claims_.erase(found);
    return true;
  }

  /// Serves at once if every pattern has a tuple.
  std::optional<std::string> try_serve(waiting_one& by, time_point now) {
    std::vector<std::uint64_t> got;
    std::string text;
    for (std::size_t i = 0; i < by.patterns.size(); ++i) {
      const auto* found = oldest(by.patterns[i]);
      if (!found) {
        by.short_of = i;
        return std::nullopt;
      }
      got.push_back(found->sequence);
      text += " " + to_text(found->what);
    }
    if (by.takes)
      take(got, by, now);
    return text + (by.takes && by.claim_lease ? " claimed" : "");
  }

  void take(const std::vector<std::uint64_t>& sequences, const waiting_one& by,
            time_point now) {
    const auto claim = by.claim_lease ? ++last_claim_ : 0;
    if (claim != 0)
      claims_[claim] = {by.client, now + *by.claim_lease};
    std::erase_if(tuples_, [&](kept& each) {
      if (std::find(sequences.begin(), sequences.end(), each.sequence)
          == sequences.end())
        return false;
      each.claim = claim;
      return claim == 0;
    });
  }

  bool listens(const waiting_one& by, std::uint64_t sequence) const {
    return std::any_of(tuples_.begin(), tuples_.end(), [&](const kept& each) {
      return each.sequence == sequence && each.claim == 0
             && by.patterns[by.short_of].matches(each.what);
    });
  }

  /// Serves who waited for the tuple: all that read, then those that take.
  void settle(std::uint64_t sequence, time_point now) {
    for (const bool takes : {false, true})
      for (std::size_t i = 0; i < waiting_.size();) {
        auto& by = waiting_[i];
        if (by.takes == takes && listens(by, sequence))
          if (const auto got = try_serve(by, now)) {
            told_.push_back(std::to_string(by.ticket) + ":" + *got);
            waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
            continue;
          }
        ++i;
      }
  }

  void put_back(const std::vector<claim_id>& ended, time_point now) {
    std::vector<std::uint64_t> back;
    std::erase_if(tuples_, [&](kept& each) {
      if (each.claim == 0
          || std::find(ended.begin(), ended.end(), each.claim) == ended.end())
        return false;
      each.claim = 0;
      back.push_back(each.sequence);
      return each.end <= now;
    });
    for (const auto each : back)
      settle(each, now);
  }

  /// By sequence number.
  std::vector<kept> tuples_;
  std::vector<waiting_one> waiting_;
  std::map<claim_id, held_claim> claims_;
  std::uint64_t last_sequence_ = 0;
  claim_id last_claim_ = 0;
  texts told_;
};

} // namespace weft::spaces

#include "tests/support/checkers/naive_space.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace weft::checkers {

namespace {

constexpr std::array<std::string_view, 24> bug_names = {
    "none",
    "lost hand-off",
    "double hand-off",
    "late offer",
    "newest first",
    "empty while present",
    "write retried twice",
    "take retried twice",
    "tuple from nowhere",
    "read of a taken tuple",
    "take stays",
    "half a batch",
    "torn batch",
    "refused write stored",
    "swap loses its write",
    "lease resurrected",
    "double claim",
    "read while claimed",
    "confirm after the end",
    "confirm keeps the tuple",
    "confirm loses its writes",
    "put back last",
    "end of a claim drops",
    "claim never ends",
};

constexpr tuple_id never_written = 1'000'000'000;

bool removing(verb what) {
  return what == verb::take || what == verb::swap;
}

} // namespace

std::vector<bug> all_bugs() {
  std::vector<bug> all;
  for (std::size_t index = 1; index < bug_names.size(); ++index)
    all.push_back(static_cast<bug>(index));
  return all;
}

std::string_view to_string(bug what) {
  return bug_names.at(static_cast<std::size_t>(what));
}

bool naive_space::strikes(bug which) {
  return planted_ == which && random_() % 4 == 0;
}

void naive_space::advance(tick now) {
  now_ = now;
  end_leases();
  end_claims(false, 0);
  if (!torn_.empty() && random_() % 8 == 0)
    store(std::exchange(torn_, {}));
  serve_waiters();
}

void naive_space::submit(const space_request& what) {
  if (std::ranges::find(waiting_, what.number, &space_request::number)
      != waiting_.end())
    return;
  auto done = done_.find(what.number);
  if (done != done_.end()) {
    auto repeats = what.what.what == verb::write  ? bug::write_retried_twice
                   : what.what.what == verb::take ? bug::take_retried_twice
                                                  : bug::none;
    if (what.refused || repeats == bug::none || !strikes(repeats)) {
      replies_.push_back(done->second);
      return;
    }
    done_.erase(done);
  }
  execute(what);
  serve_waiters();
}

void naive_space::withdraw(std::uint64_t number) {
  auto found = std::ranges::find(waiting_, number, &space_request::number);
  if (found == waiting_.end())
    return;
  auto what = *found;
  if (!strikes(bug::late_offer))
    waiting_.erase(found);
  reply(what, {});
}

void naive_space::client_died(client_id client) {
  std::erase_if(waiting_, [&](const space_request& each) {
    return each.what.client == client;
  });
  end_claims(true, client);
  serve_waiters();
}

std::vector<space_reply> naive_space::take_replies() {
  return std::exchange(replies_, {});
}

std::vector<tuple_id> naive_space::content() const {
  std::vector<tuple_id> ids;
  for (const auto& each : entries_)
    if (each.expires > now_)
      ids.push_back(each.what.id);
  return ids;
}

void naive_space::execute(const space_request& what) {
  if (what.refused) {
    if (strikes(bug::refused_write_stored))
      store(what.what.writes);
    reply(what, {.refused = true, .answer = {}});
  } else if (what.what.what == verb::write) {
    store_batch(what.what.writes);
    reply(what, {});
  } else if (what.what.what == verb::confirm
             || what.what.what == verb::release) {
    finish_claim(what);
  } else if (!try_asking(what)) {
    if (what.waits)
      waiting_.push_back(what);
    else
      reply(what, {});
  }
}

/// Answers from what is there; false if nothing matches.
bool naive_space::try_asking(const space_request& what) {
  auto at = oldest(what);
  if (at == entries_.end())
    return false;
  if (!what.waits && strikes(bug::empty_while_present))
    return false;
  give(what, at);
  return true;
}

naive_space::entries::iterator naive_space::oldest(const space_request& what) {
  bool hidden_too =
      what.what.what == verb::read && strikes(bug::read_while_claimed);
  auto matches = [&](const entry& each) {
    return (each.claim == 0 || hidden_too)
           && what.what.asked.matches(each.what);
  };
  if (strikes(bug::newest_first)) {
    auto last = std::find_if(entries_.rbegin(), entries_.rend(), matches);
    if (last != entries_.rend())
      return std::prev(last.base());
  }
  return std::ranges::find_if(entries_, matches);
}

/// Answers with an entry, and does to it what the request is for.
void naive_space::give(const space_request& what, entries::iterator at) {
  auto verb_is = what.what.what;
  space_reply with{.answer = at->what.id};
  answer_wrongly(what, with);
  if (removing(verb_is)) {
    taken_.push_back(at->what);
    if (verb_is != verb::take || !strikes(bug::take_stays))
      entries_.erase(at);
  }
  if (verb_is == verb::claim && !strikes(bug::double_claim)) {
    at->claim = what.what.claim;
    at->claimer = what.what.client;
    at->claim_ends = later(now_, what.what.lease);
  }
  if (verb_is == verb::swap && !strikes(bug::swap_loses_write))
    store(what.what.writes);
  reply(what, with);
}

void naive_space::answer_wrongly(const space_request& what, space_reply& with) {
  if (what.what.what != verb::claim && strikes(bug::tuple_from_nowhere))
    with.answer = never_written + what.number;
  if (what.what.what == verb::read && strikes(bug::read_of_taken)) {
    auto old = std::ranges::find_if(taken_, [&](const tuple& each) {
      return what.what.asked.matches(each);
    });
    if (old != taken_.end())
      with.answer = old->id;
  }
}

/// Confirms or releases; refused if the claim no longer holds.
void naive_space::finish_claim(const space_request& what) {
  auto at = std::ranges::find(entries_, what.what.claim, &entry::claim);
  bool confirms = what.what.what == verb::confirm;
  if (at == entries_.end()) {
    bool accepts = confirms && strikes(bug::confirm_after_end);
    if (accepts)
      store(what.what.writes);
    reply(what, {.refused = !accepts, .answer = {}});
    return;
  }
  if (!confirms)
    put_back(static_cast<std::size_t>(at - entries_.begin()));
  else if (strikes(bug::confirm_keeps_tuple))
    at->claim = 0;
  else
    entries_.erase(at);
  if (!strikes(bug::confirm_loses_writes))
    store(what.what.writes);
  reply(what, {});
}

void naive_space::store(const std::vector<tuple>& writes) {
  for (const auto& each : writes)
    entries_.push_back({.what = each, .expires = later(now_, each.lease)});
}

void naive_space::store_batch(const std::vector<tuple>& writes) {
  auto half = writes.begin() + static_cast<std::ptrdiff_t>(writes.size() / 2);
  bool loses = writes.size() > 1 && strikes(bug::half_batch);
  bool tears = writes.size() > 1 && strikes(bug::torn_batch);
  store({writes.begin(), loses || tears ? half : writes.end()});
  if (tears)
    torn_.insert(torn_.end(), half, writes.end());
}

/// Hands what is there to who waits, the oldest request first, until nothing
/// more fits.
void naive_space::serve_waiters() {
  for (std::size_t index = 0; index < waiting_.size();)
    index = hand_off(index) ? 0 : index + 1;
}

/// True if the request waits no longer.
bool naive_space::hand_off(std::size_t waiter) {
  auto what = waiting_[waiter];
  auto at = oldest(what);
  if (at == entries_.end())
    return false;
  bool takes = what.what.what == verb::take;
  if (takes && strikes(bug::lost_hand_off)) {
    entries_.erase(at);
    return false;
  }
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(waiter));
  auto other = std::ranges::find_if(waiting_, [&](const space_request& each) {
    return each.what.what == verb::take && each.what.asked.matches(at->what);
  });
  if (takes && other != waiting_.end() && strikes(bug::double_hand_off)) {
    reply(*other, {.answer = at->what.id});
    waiting_.erase(other);
  }
  give(what, at);
  return true;
}

/// Shows a claimed tuple again where it was.
void naive_space::put_back(std::size_t index) {
  auto at = entries_.begin() + static_cast<std::ptrdiff_t>(index);
  at->claim = 0;
  at->claim_ends = forever;
  if (at->expires <= now_ || strikes(bug::claim_end_drops))
    entries_.erase(at);
  else if (strikes(bug::put_back_last))
    std::rotate(at, std::next(at), entries_.end());
}

/// Ends the claims of a client, or those whose time has come. From the end,
/// for `put_back` may move what lies behind.
void naive_space::end_claims(bool died, client_id client) {
  for (auto index = entries_.size(); index-- > 0;) {
    auto& each = entries_[index];
    bool ends = died ? each.claimer == client : each.claim_ends <= now_;
    if (each.claim == 0 || !ends)
      continue;
    if (strikes(bug::claim_never_ends))
      each.claim_ends = forever;
    else
      put_back(index);
  }
}

void naive_space::end_leases() {
  for (auto& each : entries_)
    if (each.expires <= now_ && strikes(bug::lease_resurrected))
      each.expires = forever;
  std::erase_if(entries_, [&](const entry& each) {
    return each.expires <= now_ && each.claim == 0;
  });
}

/// A request that was answered already had given up: nobody hears this.
void naive_space::reply(const space_request& to, space_reply with) {
  with.number = to.number;
  if (done_.emplace(to.number, with).second)
    replies_.push_back(with);
}

} // namespace weft::checkers

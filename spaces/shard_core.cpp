#include "spaces/shard_core.hpp"

#include "spaces/space_contents.hpp"

#include <fmt/format.h>

#include <span>

namespace weft::spaces {

namespace {

template <class T, class Make>
any_reply reply_of(result<T> outcome, Make make) {
  if (!outcome)
    return std::move(outcome.error());
  if constexpr (std::is_void_v<T>)
    return make();
  else
    return make(*std::move(outcome));
}

any_reply done_or_failed(result<void> outcome) {
  return reply_of(std::move(outcome), [] { return reply::done{}; });
}

any_reply ids_or_failed(result<std::vector<tuple_id>> outcome) {
  return reply_of(std::move(outcome), [](std::vector<tuple_id> ids) {
    return reply::written{std::move(ids)};
  });
}

any_reply tuples_or_failed(result<std::vector<found_tuple>> outcome) {
  return reply_of(std::move(outcome), [](std::vector<found_tuple> tuples) {
    return reply::found{std::move(tuples), 0};
  });
}

reply::found found_of(answer what) {
  return {std::move(what.tuples), what.claim};
}

} // namespace

std::optional<any_reply> shard_core::submit(const caller& by,
                                            call_number number, any_call what,
                                            time_point now) {
  if (now != advanced_to_)
    advance(now);
  const submission how{by, number, now};
  return std::visit([&](auto& call) { return carry_out(call, how); }, what);
}

const pattern* shard_core::sought_by(const any_call& what) {
  if (const auto* take = std::get_if<call::take>(&what))
    return &take->what;
  if (const auto* read = std::get_if<call::read>(&what))
    return &read->what;
  return nullptr;
}

client_id shard_core::id_of(const caller& who) const {
  const auto found = clients_.find(who);
  return found == clients_.end() ? 0 : found->second.id;
}

client_id shard_core::meet(const caller& who) {
  const auto [at, fresh] = clients_.try_emplace(who);
  if (fresh)
    at->second.id = next_client_++;
  return at->second.id;
}

void shard_core::open(ticket under, const submission& how, waits_for kind) {
  open_.emplace(under, open_call{how.by, how.number, kind});
  tickets_.emplace(std::pair{how.by.session, how.number}, under);
  meet(how.by);
  clients_.find(how.by)->second.open.insert(under);
}

void shard_core::close(ticket which) {
  const auto found = open_.find(which);
  if (found == open_.end())
    return;
  const auto& mine = found->second;
  tickets_.erase({mine.by.session, mine.number});
  if (const auto who = clients_.find(mine.by); who != clients_.end())
    who->second.open.erase(which);
  drop_fetch(which);
  open_.erase(found);
}

std::optional<ticket> shard_core::find(const caller& by,
                                       call_number number) const {
  const auto found = tickets_.find({by.session, number});
  if (found == tickets_.end() || open_.at(found->second).by != by)
    return std::nullopt;
  return found->second;
}

request shard_core::request_for(const submission& how, duration timeout,
                                const std::optional<duration>& claim_lease) {
  const bool holds = timeout > duration::zero() || claim_lease;
  return {next_ticket_++, holds ? meet(how.by) : id_of(how.by), timeout,
          claim_lease};
}

shard_core::answer_now
shard_core::one_or_wait(result<std::optional<space_core::taken>> got,
                        ticket under, const submission& how) {
  if (!got)
    return std::move(got.error());
  if (*got)
    return reply::found{{std::move((*got)->found)}, (*got)->claim};
  open(under, how, waits_for::tuples);
  return std::nullopt;
}

shard_core::answer_now shard_core::carry_out(call::write& what,
                                             const submission& how) {
  if (what.tuples.size() != 1)
    return ids_or_failed(space_.write_batch(std::move(what.tuples), how.now));
  auto& only = what.tuples.front();
  return reply_of(space_.write(std::move(only.what), only.lease, how.now),
                  [](const tuple_id& id) { return reply::written{{id}}; });
}

shard_core::answer_now shard_core::carry_out(call::read& what,
                                             const submission& how) {
  const auto by = request_for(how, what.timeout, {});
  auto got = space_.read(what.what, by, how.now);
  if (got && !*got && what.timeout == duration::zero())
    return reply::found{};
  return one_or_wait(std::move(got), by.ticket, how);
}

shard_core::answer_now shard_core::carry_out(call::take& what,
                                             const submission& how) {
  const auto by = request_for(how, what.timeout, what.claim_lease);
  auto got = space_.take(what.what, by, how.now);
  if (got && !*got && what.timeout == duration::zero())
    return reply::found{};
  return one_or_wait(std::move(got), by.ticket, how);
}

shard_core::answer_now shard_core::carry_out(call::read_all& what,
                                             const submission&) {
  return tuples_or_failed(space_.read_all(what.what, what.limit));
}

shard_core::answer_now shard_core::carry_out(call::take_all& what,
                                             const submission& how) {
  if (!what.claim_lease)
    return tuples_or_failed(space_.take_all(what.what, what.limit));
  return reply_of(space_.claim_all(what.what, what.limit, meet(how.by),
                                   *what.claim_lease, how.now),
                  found_of);
}

shard_core::answer_now shard_core::carry_out(call::collect& what,
                                             const submission& how) {
  const auto by = request_for(how, what.timeout, what.claim_lease);
  auto got = space_.collect(std::move(what.patterns), what.form, by, how.now);
  if (!got)
    return std::move(got.error());
  if (*got)
    return found_of(**std::move(got));
  if (what.timeout == duration::zero())
    return reply::found{};
  open(by.ticket, how, waits_for::tuples);
  return std::nullopt;
}

shard_core::answer_now shard_core::carry_out(call::count& what,
                                             const submission&) {
  return reply::counted{space_.count(what.what)};
}

shard_core::answer_now shard_core::carry_out(call::swap& what,
                                             const submission& how) {
  if (what.expected)
    return reply_of(space_.compare_and_swap(what.what, *what.expected,
                                            std::move(what.with), how.now),
                    [](exchanged got) {
                      return reply::swapped{std::move(got.found), got.written};
                    });
  return reply_of(space_.swap(what.what, std::move(what.with), how.now),
                  [](std::optional<space_core::swapped> got) {
                    if (!got)
                      return reply::swapped{};
                    return reply::swapped{std::move(got->found), got->written};
                  });
}

shard_core::answer_now shard_core::carry_out(call::renew& what,
                                             const submission& how) {
  return done_or_failed(space_.renew(what.id, what.lease, how.now));
}

shard_core::answer_now shard_core::carry_out(call::cancel& what,
                                             const submission&) {
  return done_or_failed(space_.cancel(what.id));
}

shard_core::answer_now shard_core::carry_out(call::confirm& what,
                                             const submission& how) {
  return ids_or_failed(space_.confirm(what.claim, id_of(how.by),
                                      std::move(what.writes), how.now));
}

shard_core::answer_now shard_core::carry_out(call::release& what,
                                             const submission& how) {
  return done_or_failed(space_.release(what.claim, id_of(how.by), how.now));
}

shard_core::answer_now shard_core::carry_out(call::renew_claim& what,
                                             const submission& how) {
  return done_or_failed(
      space_.renew_claim(what.claim, id_of(how.by), what.lease, how.now));
}

shard_core::answer_now shard_core::carry_out(call::interest& what,
                                             const submission& how) {
  const auto by = request_for(how, what.timeout, what.claim_lease);
  if (auto begun = space_.interest(what.what, by, how.now); !begun)
    return std::move(begun.error());
  open(by.ticket, how, waits_for::offers);
  return std::nullopt;
}

shard_core::answer_now shard_core::carry_out(call::take_offer& what,
                                             const submission& how) {
  const auto interest = find(how.by, what.of);
  // Its time was up meanwhile.
  if (!interest)
    return reply::found{};
  auto got = space_.take_offer(*interest, what.id, how.now);
  if (!got && got.error().code != errc::not_found)
    return std::move(got.error());
  if (!got || !*got)
    return reply::found{};
  close(*interest);
  return reply::found{{std::move((*got)->found)}, (*got)->claim};
}

shard_core::answer_now shard_core::carry_out(call::stop& what,
                                             const submission& how) {
  if (const auto which = find(how.by, what.of)) {
    if (open_.at(*which).kind == waits_for::events)
      stop_watch(*which);
    else
      space_.stop_waiting(*which);
    close(*which);
  }
  return reply::done{};
}

/// Whoever waits for its events is told.
void shard_core::stop_watch(ticket which) {
  space_.unwatch(which);
  if (const auto fetch = fetches_.find(which); fetch != fetches_.end())
    late_.push_back({open_.at(which).by, fetch->second.number,
                     failure{errc::not_found, "the watch has ended"}});
}

shard_core::answer_now shard_core::carry_out(call::watch& what,
                                             const submission& how) {
  const auto under = next_ticket_++;
  auto begun =
      space_.watch(under, meet(how.by), std::move(what.what), what.options);
  if (begun)
    open(under, how, waits_for::events);
  return done_or_failed(std::move(begun));
}

shard_core::answer_now shard_core::carry_out(call::fetch& what,
                                             const submission& how) {
  const auto watch = find(how.by, what.of);
  if (!watch)
    return failure{errc::not_found, "the watch has ended"};
  if (auto valid = check_fetch(what.limit, what.timeout); !valid)
    return std::move(valid.error());
  if (fetches_.contains(*watch))
    return failure{errc::already_exists,
                   "the watch is being fetched from already"};
  auto got = news(*watch, what.limit);
  const auto* events = std::get_if<reply::events>(&got);
  const bool empty = events && events->list.empty() && !events->ended;
  if (!empty || what.timeout == duration::zero())
    return got;
  const auto deadline = how.now + what.timeout;
  fetches_[*watch] = {how.number, what.limit, deadline};
  fetch_deadlines_.emplace(deadline, *watch);
  return std::nullopt;
}

shard_core::answer_now shard_core::carry_out(call::arrive& what,
                                             const submission& how) {
  const auto under = next_ticket_++;
  // Before: the last to come is answered in the call.
  open(under, how, waits_for::gathering);
  auto come = space_.arrive({under, std::move(what.name),
                             std::move(what.participant), what.parties,
                             what.operation, std::move(what.contribution)},
                            meet(how.by), what.timeout, how.now);
  if (come)
    return std::nullopt;
  close(under);
  return std::move(come.error());
}

shard_core::answer_now shard_core::carry_out(call::statistics&,
                                             const submission&) {
  return reply::statistics{space_.statistics()};
}

shard_core::answer_now shard_core::carry_out(call::clear&, const submission&) {
  return reply::counted{space_.clear()};
}

shard_core::answer_now shard_core::carry_out(call::leave&,
                                             const submission& how) {
  drop_user(how.by, how.now);
  return std::nullopt;
}

shard_core::answer_now shard_core::carry_out(call::list& what,
                                             const submission& how) {
  const space_contents contents{space_};
  meet(how.by);
  auto& mine = clients_.find(how.by)->second;
  const auto number = next_ticket_++;
  mine.lists[number].tuples = what.what ? contents.matching(*what.what, how.now)
                                        : contents.all(how.now);
  if (mine.lists.size() > lists_max)
    mine.lists.erase(mine.lists.begin());
  return next_part_of(mine, number);
}

shard_core::answer_now shard_core::carry_out(call::next_part& what,
                                             const submission& how) {
  const auto who = clients_.find(how.by);
  if (who == clients_.end() || !who->second.lists.contains(what.list_number))
    return failure{errc::not_found,
                   fmt::format("the list {} has ended", what.list_number)};
  return next_part_of(who->second, what.list_number);
}

any_reply shard_core::next_part_of(client& who, std::uint64_t list) {
  auto& open = who.lists.at(list);
  const auto rest = std::span{open.tuples}.subspan(open.next);
  const auto part = rest.first(part_size(rest));
  reply::carried made;
  made.tuples.assign(std::make_move_iterator(part.begin()),
                     std::make_move_iterator(part.end()));
  open.next += part.size();
  made.more = open.next < open.tuples.size();
  if (made.more)
    made.list_number = list;
  else
    who.lists.erase(list);
  return made;
}

shard_core::answer_now shard_core::carry_out(call::carry& what,
                                             const submission& how) {
  return reply_of(space_contents{space_}.claim(what, meet(how.by), how.now),
                  [](reply::carried part) { return part; });
}

void shard_core::drop_user(const caller& who, time_point now) {
  if (const auto found = clients_.find(who); found != clients_.end())
    drop(found, std::next(found), now);
}

void shard_core::drop_session(std::uint64_t session, time_point now) {
  drop(clients_.lower_bound({session, 0}),
       clients_.lower_bound({session + 1, 0}), now);
}

void shard_core::drop(client_map::iterator first, client_map::iterator last,
                      time_point now) {
  advance(now);
  std::vector<client_id> gone;
  for (auto at = first; at != last; at = clients_.erase(at)) {
    gone.push_back(at->second.id);
    for (const auto each : std::exchange(at->second.open, {}))
      close(each);
  }
  space_.drop_clients(gone, now);
}

void shard_core::advance(time_point now) {
  advanced_to_ = now;
  space_.advance(now);
  while (!fetch_deadlines_.empty() && fetch_deadlines_.begin()->first <= now) {
    const auto watch = fetch_deadlines_.begin()->second;
    if (auto done = finish_fetch(watch))
      late_.push_back(*std::move(done));
  }
}

std::optional<time_point> shard_core::next_deadline() const {
  auto first = space_.next_deadline();
  if (!fetch_deadlines_.empty()) {
    const auto fetch = fetch_deadlines_.begin()->first;
    first = first ? std::min(*first, fetch) : fetch;
  }
  return first;
}

std::optional<shard_core::late_reply> shard_core::next_reply() {
  if (!late_.empty()) {
    auto first = std::move(late_.front());
    late_.pop_front();
    return first;
  }
  while (auto effect = space_.next_effect())
    if (auto made =
            std::visit([this](auto& what) { return to_reply(what); }, *effect))
      return made;
  return std::nullopt;
}

std::optional<shard_core::late_reply> shard_core::finish(ticket which,
                                                         any_reply with) {
  const auto found = open_.find(which);
  if (found == open_.end())
    return std::nullopt;
  late_reply made{found->second.by, found->second.number, std::move(with)};
  close(which);
  return made;
}

std::optional<shard_core::late_reply>
shard_core::to_reply(effect::answered& what) {
  return finish(what.ticket, found_of(std::move(what.answer)));
}

std::optional<shard_core::late_reply>
shard_core::to_reply(effect::timed_out& what) {
  const auto found = open_.find(what.ticket);
  if (found == open_.end())
    return std::nullopt;
  if (found->second.kind == waits_for::offers)
    return finish(what.ticket, reply::timed_out{});
  return finish(what.ticket, reply::found{});
}

std::optional<shard_core::late_reply>
shard_core::to_reply(effect::refused& what) {
  return finish(what.ticket, std::move(what.why));
}

std::optional<shard_core::late_reply>
shard_core::to_reply(effect::offered& what) {
  const auto found = open_.find(what.ticket);
  if (found == open_.end())
    return std::nullopt;
  return late_reply{found->second.by, found->second.number,
                    reply::offered{what.id}};
}

std::optional<shard_core::late_reply>
shard_core::to_reply(effect::events_ready& what) {
  return finish_fetch(what.ticket);
}

std::optional<shard_core::late_reply>
shard_core::to_reply(effect::watch_ended& what) {
  return finish_fetch(what.ticket);
}

std::optional<shard_core::late_reply>
shard_core::to_reply(effect::gathered& what) {
  return finish(what.ticket,
                reply::gathered{what.generation, std::move(what.outcome)});
}

std::optional<shard_core::late_reply>
shard_core::to_reply(effect::not_gathered& what) {
  return finish(what.ticket,
                reply::not_gathered{what.generation, what.arrived, what.parties,
                                    std::move(what.missing)});
}

/// Answers the fetch that waits for the watch, if there is one.
std::optional<shard_core::late_reply> shard_core::finish_fetch(ticket watch) {
  const auto found = fetches_.find(watch);
  if (found == fetches_.end())
    return std::nullopt;
  const auto fetch = found->second;
  const auto by = open_.at(watch).by;
  drop_fetch(watch);
  return late_reply{by, fetch.number, news(watch, fetch.limit)};
}

any_reply shard_core::news(ticket watch, std::size_t limit) {
  auto got = space_.fetch(watch, limit);
  if (!got) {
    close(watch);
    return failure{errc::not_found, "the watch has ended"};
  }
  if (got->ended)
    close(watch);
  return reply::events{std::move(got->events), got->dropped, got->more,
                       got->ended};
}

void shard_core::drop_fetch(ticket watch) {
  const auto found = fetches_.find(watch);
  if (found == fetches_.end())
    return;
  fetch_deadlines_.erase({found->second.deadline, watch});
  fetches_.erase(found);
}

} // namespace weft::spaces

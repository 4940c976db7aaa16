#include "tests/simulation/spaces/space_run.hpp"

#include "tests/simulation/spaces/items.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::spaces::simulation {

namespace {

using namespace std::chrono_literals;
using checkers::tick;

constexpr std::size_t kinds = 2;
constexpr std::uint64_t probe_kind = kinds;

/// Longer than it may take to answer whatever happens.
constexpr duration answer_max = 60s;
constexpr duration long_wait = 10min;

/// A claim that a user holds.
struct held {
  checkers::claim_id number = 0;
  life_name where;
  claim_id claim = 0;
  std::uint64_t key = 0;
  std::vector<client_id> names;
};

/// A call that is under way.
struct open_call {
  call_number number = 0;
  operation what;
  std::vector<client_id> names;
  /// The one shard that it is for, if it is one.
  std::optional<std::size_t> shard;
  bool waits = false;
  /// Of a confirm or release.
  std::optional<held> ends;
  /// For `bug::repeated_call`.
  any_call call;
};

struct user {
  std::size_t node = 0;
  std::uint64_t name = 0;
  std::optional<open_call> open;
  std::vector<held> claims;
};

class space_run : cluster::observer {
public:
  space_run(std::uint64_t seed, const run_options& options)
      : time_{seed}, options_{options}, cluster_{time_, options.cluster, *this},
        seen_{options.cluster.shards},
        users_(options.cluster.nodes * options.users) {
    for (std::size_t i = 0; i < users_.size(); ++i) {
      users_[i].node = i % options.cluster.nodes;
      users_[i].name = ++last_name_;
      think(i);
    }
    find_keys();
    plan_faults();
  }

  run_outcome run();

private:
  void on_answer(std::size_t node, call_number number,
                 const space_answer& answer) override;
  void on_node_crash(std::size_t node) override;
  void on_session_end(std::size_t node, std::size_t shard) override;

  void find_keys();
  void plan_faults();
  template <class Fault>
  void plan(std::size_t count, Fault fault);
  bool idle() const;
  void feed();
  void probe();
  void all_leave();
  void look_for_waits();
  void look_for_leftovers();

  void think(std::size_t which);
  void act(std::size_t which);
  void begin_write(user& who, std::uint64_t key,
                   std::optional<std::uint64_t> kind = {});
  void begin_asking(user& who);
  void begin_swap(user& who);
  void end_claim(user& who);
  void ask(user& who, const question& what, bool takes, duration timeout,
           std::optional<duration> lease);
  void begin(user& who, open_call what, any_call call,
             std::optional<std::size_t> at = {});
  void stop_later(std::size_t which);
  void die(user& who);
  void give_up(user& who);

  std::vector<checkers::tuple> new_tuples(std::uint64_t key, std::size_t count,
                                          std::vector<new_tuple>& made);
  void record(user& who, open_call what, const space_answer& answer);
  void record_failed(const open_call& what);
  void record_unknown(const open_call& what);
  void record_found(user& who, const open_call& what,
                    const space_answer& answer, const reply::found& found);
  void record_nothing(const open_call& what);
  void record_at(std::size_t shard, const open_call& what, operation how,
                 std::size_t node);
  void problem(std::string what) {
    outcome_.problems.push_back(std::move(what));
  }

  virtual_time time_;
  run_options options_;
  cluster cluster_;
  observed_histories seen_;
  run_outcome outcome_;
  std::vector<user> users_;
  /// Keys, two of each shard.
  std::vector<std::uint64_t> keys_;
  std::size_t begun_ = 0;
  std::size_t fed_ = 0;
  bool over_ = false;
  std::uint64_t last_name_ = 0;
  std::uint64_t last_number_ = 0;
  call_number last_call_ = 0;
  checkers::claim_id last_claim_ = 0;
};

run_outcome space_run::run() {
  time_.run_until(time_.now() + 24h,
                  [this] { return begun_ >= options_.calls; });
  over_ = true;
  feed();
  time_.run_until(time_.now() + long_wait + answer_max,
                  [this] { return idle(); });
  for (const auto& each : users_)
    if (each.open)
      problem(fmt::format("a call at node {} to {} was not answered", each.node,
                          each.open->shard
                              ? fmt::format("shard {}", *each.open->shard)
                              : "all shards"));
  // What broke is mended by then.
  time_.run_until(time_.now() + 5s, [] { return false; });
  look_for_waits();
  if (outcome_.problems.empty())
    probe();
  all_leave();
  time_.run_until(time_.now() + answer_max, [] { return false; });
  look_for_waits();
  look_for_leftovers();
  outcome_.histories = seen_.finish(
      cluster_, time_, [](const tuple& what) { return item_of(what).number; });
  return std::move(outcome_);
}

bool space_run::idle() const {
  return std::ranges::none_of(
      users_, [](const user& each) { return each.open.has_value(); });
}

/// Two keys for each shard, so that each has tuples and patterns of its own.
void space_run::find_keys() {
  std::vector<std::size_t> found(options_.cluster.shards);
  for (std::uint64_t key = 0; keys_.size() < 2 * found.size(); ++key) {
    const auto shard = cluster_.where().shard_for(item{key, 0, 0}.whole());
    if (found[shard]++ < 2)
      keys_.push_back(key);
  }
}

template <class Fault>
void space_run::plan(std::size_t count, Fault fault) {
  const auto span = options_.think_max * static_cast<int>(options_.calls)
                    / static_cast<int>(users_.size());
  for (std::size_t i = 0; i < count; ++i)
    time_.later(time_.up_to(span), [=, this] {
      if (!over_)
        fault();
    });
}

void space_run::plan_faults() {
  const auto& of = options_.cluster;
  plan(options_.broken_ways, [this, &of] {
    const auto broken = time_.once_in(3) ? time_.up_to(20ms) : time_.up_to(1s);
    cluster_.break_way(time_.below(of.nodes), time_.below(of.shards), broken);
  });
  plan(options_.node_crashes, [this, &of] {
    cluster_.crash_node(time_.below(of.nodes), 1ms + time_.up_to(300ms));
  });
  plan(options_.shard_crashes, [this, &of] {
    cluster_.crash_shard(time_.below(of.shards), 1ms + time_.up_to(300ms));
  });
}

// The life of a user.

void space_run::think(std::size_t which) {
  time_.later(1us + time_.up_to(options_.think_max),
              [this, which, name = users_[which].name] {
                if (users_[which].name == name)
                  act(which);
              });
}

void space_run::act(std::size_t which) {
  auto& who = users_[which];
  if (over_ || who.open || begun_ >= options_.calls)
    return;
  if (!cluster_.is_up(who.node))
    return think(which);
  if (time_.once_in(options_.deaths_once_in)) {
    die(who);
    return think(which);
  }
  ++begun_;
  if (!who.claims.empty() && time_.once_in(2))
    end_claim(who);
  else if (time_.chance(350))
    begin_write(who, keys_[time_.below(keys_.size())]);
  else if (time_.chance(100))
    begin_swap(who);
  else
    begin_asking(who);
  if (who.open && time_.once_in(options_.stops_once_in))
    stop_later(which);
}

std::vector<checkers::tuple>
space_run::new_tuples(std::uint64_t key, std::size_t count,
                      std::vector<new_tuple>& made) {
  std::vector<checkers::tuple> seen;
  for (std::size_t i = 0; i < count; ++i) {
    const item one{key, time_.below(kinds), ++last_number_};
    std::optional<duration> lease;
    if (time_.once_in(8))
      lease =
          20ms
          + std::chrono::floor<std::chrono::microseconds>(time_.up_to(100ms));
    made.push_back({one.whole(), lease});
    seen.push_back({.id = one.number, .fields = one.fields()});
    if (lease)
      seen.back().lease = static_cast<tick>(*lease / 1us);
  }
  return seen;
}

void space_run::begin(user& who, open_call what, any_call call,
                      std::optional<std::size_t> at) {
  what.number = ++last_call_;
  what.names = seen_.names_of(who.name);
  what.what.invoked = time_.microseconds();
  what.call = call;
  const auto number = what.number;
  who.open = std::move(what);
  cluster_.submit(who.node, who.name, number, std::move(call), at);
}

void space_run::begin_write(user& who, std::uint64_t key,
                            std::optional<std::uint64_t> kind) {
  open_call what;
  call::write call;
  what.what.what = verb::write;
  if (kind) {
    const item one{key, *kind, ++last_number_};
    call.tuples.push_back({one.whole(), {}});
    what.what.writes = {{.id = one.number, .fields = one.fields()}};
  } else {
    what.what.writes = new_tuples(key, time_.once_in(4) ? 3 : 1, call.tuples);
  }
  what.shard = cluster_.where().shard_for(call.tuples.front().what);
  begin(who, std::move(what), std::move(call));
}

void space_run::begin_swap(user& who) {
  open_call what;
  const question asked{keys_[time_.below(keys_.size())], {}};
  std::vector<new_tuple> made;
  what.what.what = verb::swap;
  what.what.asked = asked.fields();
  what.what.writes = new_tuples(*asked.key, 1, made);
  what.shard = cluster_.where().shard_for(asked.whole());
  call::swap call;
  call.what = asked.whole();
  call.with = std::move(made.front());
  begin(who, std::move(what), std::move(call));
}

void space_run::begin_asking(user& who) {
  question what;
  if (!time_.once_in(3))
    what.key = keys_[time_.below(keys_.size())];
  if (time_.once_in(3))
    what.kind = time_.below(kinds);
  duration timeout{0};
  if (time_.once_in(2))
    timeout = time_.once_in(4) ? long_wait : 1ms + time_.up_to(200ms);
  const bool takes = !time_.once_in(4);
  std::optional<duration> lease;
  if (takes && time_.once_in(3))
    lease = time_.once_in(3)
                ? duration{24h}
                : 20ms
                      + std::chrono::floor<std::chrono::microseconds>(
                          time_.up_to(300ms));
  ask(who, what, takes, timeout, lease);
}

void space_run::ask(user& who, const question& asked, bool takes,
                    duration timeout, std::optional<duration> lease) {
  open_call what;
  what.what.what = !takes ? verb::read : lease ? verb::claim : verb::take;
  what.what.asked = asked.fields();
  what.shard = cluster_.where().shard_for(asked.whole());
  what.waits = timeout > duration::zero();
  if (lease) {
    what.what.claim = ++last_claim_;
    what.what.lease = static_cast<tick>(*lease / 1us);
  }
  if (takes)
    begin(who, std::move(what), call::take{asked.whole(), timeout, lease});
  else
    begin(who, std::move(what), call::read{asked.whole(), timeout});
}

void space_run::end_claim(user& who) {
  const auto which = time_.below(who.claims.size());
  open_call what;
  what.ends = who.claims[which];
  who.claims.erase(who.claims.begin() + static_cast<std::ptrdiff_t>(which));
  const auto at = what.ends->where.shard;
  what.shard = at;
  what.what.claim = what.ends->number;
  if (time_.once_in(3)) {
    what.what.what = verb::release;
    const auto claim = what.ends->claim;
    return begin(who, std::move(what), call::release{claim}, at);
  }
  call::confirm call{what.ends->claim, {}};
  what.what.what = verb::confirm;
  what.what.writes = new_tuples(what.ends->key, time_.below(3), call.writes);
  begin(who, std::move(what), std::move(call), at);
}

void space_run::stop_later(std::size_t which) {
  time_.later(time_.up_to(50ms), [this, which, name = users_[which].name,
                                  number = users_[which].open->number] {
    auto& who = users_[which];
    if (who.name != name || !who.open || who.open->number != number)
      return;
    give_up(who);
    cluster_.submit(who.node, who.name, ++last_call_, call::stop{number});
    think(which);
  });
}

/// It gets no answer any more.
void space_run::give_up(user& who) {
  if (who.open)
    record_unknown(*std::exchange(who.open, {}));
}

void space_run::die(user& who) {
  give_up(who);
  seen_.on_died(who.name, time_.microseconds());
  if (cluster_.is_up(who.node))
    cluster_.drop_user(who.node, who.name);
  who.claims.clear();
  who.name = ++last_name_;
}

void space_run::on_node_crash(std::size_t node) {
  for (std::size_t i = 0; i < users_.size(); ++i)
    if (users_[i].node == node) {
      die(users_[i]);
      think(i);
    }
}

void space_run::on_session_end(std::size_t node, std::size_t shard) {
  for (const auto& each : users_)
    if (each.node == node)
      seen_.on_dropped(each.name, shard, time_.microseconds());
}

// What is seen.

void space_run::on_answer(std::size_t node, call_number number,
                          const space_answer& answer) {
  for (std::size_t i = 0; i < users_.size(); ++i) {
    auto& who = users_[i];
    if (who.node != node || !who.open || who.open->number != number)
      continue;
    const auto* why = std::get_if<failure>(&answer.what);
    if (why && why->code == errc::timed_out
        && options_.cluster.planted == bug::repeated_call) {
      who.open->number = ++last_call_;
      time_.later(0s, [this, i, again = *who.open] {
        auto& here = users_[i];
        if (here.open && here.open->number == again.number)
          cluster_.submit(here.node, here.name, again.number, again.call,
                          again.ends ? again.shard : std::nullopt);
      });
      return;
    }
    auto what = *std::exchange(who.open, {});
    record(who, std::move(what), answer);
    return think(i);
  }
}

void space_run::record(user& who, open_call what, const space_answer& answer) {
  ++outcome_.answered;
  what.what.responded = time_.microseconds() + 1;
  if (const auto* why = std::get_if<failure>(&answer.what)) {
    const bool unknown = why->code == errc::timed_out
                         && options_.cluster.planted != bug::unknown_as_failed;
    if (why->code == errc::invalid_argument || why->code == errc::unsupported)
      problem(fmt::format("refused: {}", why->message));
    if (why->code == errc::not_found && !what.ends)
      problem(fmt::format("not found: {}", why->message));
    return unknown ? record_unknown(what) : record_failed(what);
  }
  if (const auto* found = std::get_if<reply::found>(&answer.what))
    return record_found(who, what, answer, *found);
  auto how = what.what;
  if (const auto* swapped = std::get_if<reply::swapped>(&answer.what)) {
    if (swapped->found)
      how.answer = item_of(swapped->found->what).number;
    if (swapped->found && item_of(swapped->found->what).number == 0)
      problem("swapped a tuple that nobody wrote");
  }
  if (what.ends
      && what.ends->where.life != cluster_.life_seen(who.node, *what.shard) - 1)
    return problem("a shard ended a claim of the one before it");
  record_at(*what.shard, what, how, who.node);
}

void space_run::record_at(std::size_t shard, const open_call& what,
                          operation how, std::size_t node) {
  seen_.add({shard, cluster_.life_seen(node, shard) - 1}, std::move(how),
            what.names);
}

void space_run::record_found(user& who, const open_call& what,
                             const space_answer& answer,
                             const reply::found& found) {
  if (found.tuples.empty())
    return record_nothing(what);
  const auto got = item_of(found.tuples.front().what);
  const std::size_t shard = answer.shard.value();
  auto how = what.what;
  how.answer = got.number;
  // It was the oldest when it was offered; what is put back may be older.
  if (!what.shard && what.waits)
    how.asked = got.alone();
  record_at(shard, what, how, who.node);
  if (what.what.what == verb::claim)
    who.claims.push_back({what.what.claim,
                          {shard, cluster_.life_seen(who.node, shard) - 1},
                          found.claim,
                          got.key,
                          what.names});
}

/// There was nothing, at some time, in each of the shards; over several it is
/// certain only without waiting, and only of shards that lived all the time.
void space_run::record_nothing(const open_call& what) {
  auto how = what.what;
  if (how.what == verb::claim)
    how.what = verb::read;
  if (how.what == verb::swap || (!what.shard && what.waits))
    return;
  how.claim = 0;
  how.lease = checkers::forever;
  for (std::size_t shard = 0; shard < options_.cluster.shards; ++shard) {
    if (what.shard.value_or(shard) != shard)
      continue;
    std::vector<std::size_t> there;
    const auto& lives = cluster_.lives(shard);
    for (std::size_t life = 0; life < lives.size(); ++life)
      if (lives[life].began <= how.responded
          && lives[life].ended >= how.invoked)
        there.push_back(life);
    if (there.size() == 1)
      seen_.add({shard, there.front()}, how, what.names);
  }
}

void space_run::record_failed(const open_call& what) {
  if (what.what.writes.empty())
    return;
  // Whatever it was, what it was to write must not be seen.
  auto how = what.what;
  how.what = verb::write;
  how.how = outcome::failed;
  seen_.add_anywhere(*what.shard, how, what.names);
}

void space_run::record_unknown(const open_call& what) {
  ++outcome_.unknown;
  auto how = what.what;
  how.how = outcome::unknown;
  how.responded = checkers::forever;
  if (how.what == verb::read)
    return;
  if (what.ends)
    return seen_.add(what.ends->where, how, what.names);
  for (std::size_t shard = 0; shard < options_.cluster.shards; ++shard)
    if (what.shard.value_or(shard) == shard)
      seen_.add_anywhere(shard, how, what.names);
}

// The end.

/// While some still wait, the others write what they may wait for.
void space_run::feed() {
  const auto writer = std::ranges::find_if(users_, [this](const user& each) {
    return !each.open && cluster_.is_up(each.node);
  });
  if (idle() || fed_ == 100)
    return;
  ++fed_;
  if (writer != users_.end())
    begin_write(*writer, keys_[time_.below(keys_.size())]);
  time_.later(20ms + time_.up_to(100ms), [this] { feed(); });
}

/// With all in order again, whoever waits at any node gets what is written to
/// any shard.
void space_run::probe() {
  const auto done = [this] { return idle(); };
  for (std::size_t node = 0; node < options_.cluster.nodes; ++node)
    for (const auto key : keys_) {
      auto& taker = *std::ranges::find(users_, node, &user::node);
      auto& writer = &taker == &users_.back() ? users_.front() : users_.back();
      const auto asked = time_.now();
      ask(taker, {{}, probe_kind}, true, 5s, {});
      time_.run_until(time_.now() + 200ms, done);
      begin_write(writer, key, probe_kind);
      time_.run_until(time_.now() + answer_max, done);
      if (!idle() || time_.now() - asked >= 5s)
        return problem(fmt::format(
            "a take at node {} waited though there was a tuple", node));
    }
}

void space_run::all_leave() {
  for (auto& each : users_)
    die(each);
}

/// Nobody waits any more; nor may anything wait for them.
void space_run::look_for_waits() {
  for (std::size_t shard = 0; shard < options_.cluster.shards; ++shard)
    if (const auto waits = cluster_.shard(shard)->statistics().waiters;
        waits > 0 && outcome_.problems.empty())
      problem(fmt::format("shard {} keeps {} waits of nobody", shard, waits));
}

void space_run::look_for_leftovers() {
  for (std::size_t node = 0; node < options_.cluster.nodes; ++node) {
    const auto* core = cluster_.node(node);
    if (core->open_calls() > 0 || core->awaited() > 0)
      problem(fmt::format("node {} has {} calls open and awaits {} answers",
                          node, core->open_calls(), core->awaited()));
  }
  for (std::size_t shard = 0; shard < options_.cluster.shards; ++shard) {
    const auto left = cluster_.shard(shard)->statistics();
    if (left.claims > 0)
      problem(fmt::format("shard {} keeps {} claims of nobody", shard,
                          left.claims));
  }
}

} // namespace

run_outcome run_space(std::uint64_t seed, const run_options& options) {
  return space_run{seed, options}.run();
}

} // namespace weft::spaces::simulation

#include "tests/support/checkers/model_space.hpp"

#include <algorithm>

namespace weft::checkers {

namespace {

constexpr std::uint64_t key_mask = 0xff;
constexpr std::uint64_t both_mask = 0xffff;

/// One client, with at most one operation under way.
struct model_client {
  enum class state { idle, sent, waiting, answered };

  client_id name = 0;
  state now = state::idle;
  space_request request;
  space_reply reply;
  /// Claims given and not yet confirmed or released.
  std::vector<claim_id> claims;
};

/// Everything of one run.
class model_run {
public:
  model_run(std::uint64_t seed, const model_options& options)
      : options_{options}, random_{seed}, space_{options.planted, ~seed},
        clients_(options.clients) {
    for (auto& each : clients_)
      each.name = ++names_;
  }

  history run();

private:
  using state = model_client::state;

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool once_in(std::uint64_t times) { return below(times) == 0; }

  bool busy() const;
  void step();
  void act(model_client& who);
  void begin(model_client& who);
  void begin_with_claim(model_client& who);
  void begin_asking(operation& what);
  void deliver();
  void respond(model_client& who);
  void die(model_client& who);
  void send_orphan();
  void look_at_the_end();
  std::vector<tuple> new_tuples(std::size_t count);
  pattern new_pattern();

  model_options options_;
  std::mt19937_64 random_;
  naive_space space_;
  std::vector<model_client> clients_;
  /// Requests of clients that died before they arrived.
  std::vector<space_request> orphans_;
  history history_;
  tick now_ = 0;
  std::size_t begun_ = 0;
  std::uint64_t numbers_ = 0;
  tuple_id tuples_ = 0;
  claim_id claims_ = 0;
  client_id names_ = 0;
};

history model_run::run() {
  while (begun_ < options_.operations || busy())
    step();
  look_at_the_end();
  return std::move(history_);
}

bool model_run::busy() const {
  return !orphans_.empty()
         || std::ranges::any_of(clients_, [](const model_client& each) {
              return each.now != state::idle;
            });
}

void model_run::step() {
  space_.advance(++now_);
  deliver();
  auto& who = clients_[below(clients_.size())];
  if (!orphans_.empty() && once_in(6))
    send_orphan();
  else if (once_in(60))
    die(who);
  else
    act(who);
  deliver();
}

/// The next thing in the life of a client's operation.
void model_run::act(model_client& who) {
  switch (who.now) {
  case state::idle:
    if (begun_ < options_.operations)
      begin(who);
    break;
  case state::sent:
    who.now = state::waiting;
    space_.submit(who.request);
    break;
  case state::waiting:
    if (once_in(4))
      space_.withdraw(who.request.number);
    break;
  case state::answered:
    // The reply was lost, so it asks again.
    if (once_in(5))
      space_.submit(who.request);
    else
      respond(who);
  }
}

void model_run::begin(model_client& who) {
  ++begun_;
  who.now = state::sent;
  who.reply = {};
  who.request = {.number = ++numbers_, .what = {}};
  auto& what = who.request.what;
  what.client = who.name;
  what.invoked = now_;
  if (!who.claims.empty() && once_in(2)) {
    begin_with_claim(who);
  } else if (below(100) < 36) {
    what.writes = new_tuples(once_in(4) ? 2 + below(3) : 1);
    who.request.refused = once_in(12);
  } else {
    begin_asking(what);
    who.request.waits = once_in(2);
  }
}

void model_run::begin_with_claim(model_client& who) {
  auto& what = who.request.what;
  auto which = who.claims.begin()
               + static_cast<std::ptrdiff_t>(below(who.claims.size()));
  what.claim = *which;
  who.claims.erase(which);
  what.what = once_in(3) ? verb::release : verb::confirm;
  if (what.what == verb::confirm)
    what.writes = new_tuples(below(3));
}

void model_run::begin_asking(operation& what) {
  constexpr verb verbs[] = {verb::read, verb::read,  verb::take,  verb::take,
                            verb::take, verb::claim, verb::claim, verb::swap};
  what.what = verbs[below(std::size(verbs))];
  what.asked = new_pattern();
  if (what.what == verb::swap)
    what.writes = new_tuples(1);
  if (what.what == verb::claim) {
    what.claim = ++claims_;
    what.lease = 15 + below(50);
  }
}

/// Hands the space's replies to the clients that still wait for them.
void model_run::deliver() {
  for (const auto& reply : space_.take_replies())
    for (auto& who : clients_)
      if (who.now != state::idle && who.request.number == reply.number) {
        who.now = state::answered;
        who.reply = reply;
      }
}

void model_run::respond(model_client& who) {
  auto& what = who.request.what;
  what.responded = now_;
  what.how = who.reply.refused ? outcome::failed : outcome::ok;
  what.answer = who.reply.answer;
  if (what.what == verb::claim && what.answer)
    who.claims.push_back(what.claim);
  history_.operations.push_back(what);
  who.now = state::idle;
}

void model_run::die(model_client& who) {
  history_.deaths.push_back({who.name, now_});
  if (who.now != state::idle) {
    auto what = who.request.what;
    what.how = outcome::unknown;
    history_.operations.push_back(what);
  }
  if (who.now == state::sent)
    orphans_.push_back(who.request);
  space_.client_died(who.name);
  who = {};
  who.name = ++names_;
}

/// What a dead client sent arrives, or is lost.
void model_run::send_orphan() {
  auto what = orphans_.back();
  orphans_.pop_back();
  what.waits = false;
  if (once_in(2))
    space_.submit(what);
}

/// A last read, so that the content is of the history's last time.
void model_run::look_at_the_end() {
  space_request last{.number = ++numbers_, .what = {}};
  last.what.what = verb::read;
  last.what.client = ++names_;
  last.what.invoked = last.what.responded = now_;
  space_.submit(last);
  last.what.answer = space_.take_replies().back().answer;
  history_.operations.push_back(last.what);
  history_.remaining = space_.content();
}

std::vector<tuple> model_run::new_tuples(std::size_t count) {
  std::vector<tuple> all;
  for (std::size_t index = 0; index < count; ++index)
    all.push_back({.id = ++tuples_,
                   .fields = below(2) | below(2) << 8U,
                   .lease = once_in(6) ? 20 + below(40) : forever});
  return all;
}

pattern model_run::new_pattern() {
  auto bits = below(2) | below(2) << 8U;
  if (once_in(4))
    return {};
  return once_in(3) ? pattern{both_mask, bits}
                    : pattern{key_mask, bits & key_mask};
}

} // namespace

history run_model(std::uint64_t seed, const model_options& options) {
  return model_run{seed, options}.run();
}

} // namespace weft::checkers

#include "actors/membership/membership_core.hpp"

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <random>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

namespace effect = membership_effect;
using time_span = std::chrono::nanoseconds;

/// A connection between two processes; false once it is broken.
using connection = std::shared_ptr<bool>;

/// What one observer has been told of one node, checked event by event.
struct observer {
  bool present = false;
  bool ever = false;
  std::uint64_t session = 0;
  std::uint64_t incarnation = 0;
  /// What the present session came over.
  connection over;

  void take(const membership_event& event) {
    CAPTURE(event.name);
    CAPTURE(to_string(event.state));
    switch (event.state) {
    case member_state::up:
      REQUIRE_FALSE(ever);
      [[fallthrough]];
    case member_state::back:
      REQUIRE_FALSE(present);
      REQUIRE(event.session > session);
      REQUIRE(event.incarnation >= incarnation);
      present = ever = true;
      break;
    case member_state::down:
    case member_state::left:
      REQUIRE(present);
      REQUIRE((!*over || event.state == member_state::left
               || event.reason.starts_with("replaced by")
               || event.reason.starts_with("it refuses us")));
      REQUIRE(event.session == session);
      REQUIRE(event.incarnation == incarnation);
      present = false;
      break;
    default:
      FAIL("an event that no connection gives rise to");
    }
    session = event.session;
    incarnation = event.incarnation;
  }
};

struct process {
  explicit process(membership_settings settings, moment now)
      : core{std::move(settings), now} {}

  membership_core core;
  bool alive = true;
  std::map<std::string, observer> seen;
  /// How a node is reached, by its name, and what its hello came over.
  std::map<std::string, connection> reached;
  connection heard_over;
};

using process_ptr = std::shared_ptr<process>;

/// Three nodes over pipes that delay and lose messages, in virtual time.
///
///     n1 <--- n2
///       ^---- n3 ---> n2
class world {
public:
  explicit world(std::uint32_t seed) : random_{seed} {
    for (const auto* name : {"n1", "n2", "n3"})
      start(name);
  }

  void run(time_span span, bool faults) {
    const auto end = now_ + span;
    faults_ = faults;
    while (now_ < end) {
      if (faults && below(40) == 0)
        cause_fault();
      if (!faults)
        for (const auto* name : {"n1", "n2", "n3"})
          if (!nodes_[name])
            start(name);
      advance(10ms);
    }
  }

  /// After peace, everybody sees everybody in their newest incarnation.
  void check_settled() {
    for (const auto& [name, each] : nodes_)
      for (const auto& other : each->core.peers()) {
        CAPTURE(name);
        CAPTURE(other.name);
        REQUIRE(other.state == member_state::up);
        REQUIRE(other.incarnation == incarnations_[other.name]);
      }
  }

  std::uint64_t losses = 0;

private:
  std::uint32_t below(std::uint32_t bound) { return random_() % bound; }

  moment now() const { return {now_, 1h + now_}; }

  void later(std::function<void()> what) {
    const auto most = faults_ && below(8) == 0 ? 2'000 : 20;
    agenda_.emplace(now_ + std::chrono::milliseconds{1 + below(most)},
                    std::move(what));
  }

  bool lose() { return faults_ && below(5) == 0; }

  void start(const std::string& name) {
    membership_settings settings;
    settings.cluster = "demo";
    settings.self = name;
    settings.incarnation = ++incarnations_[name];
    settings.nodes = {"n1", "n2", "n3"};
    settings.seed = random_();
    nodes_[name] = std::make_shared<process>(settings, now());
  }

  void stop(const std::string& name) {
    auto gone = std::exchange(nodes_[name], nullptr);
    gone->alive = false;
    for (auto& [pair, pipe] : pipes_)
      if (pair.first == gone || pair.second == gone)
        *pipe = false;
  }

  void cause_fault() {
    static constexpr std::array<const char*, 3> names{"n1", "n2", "n3"};
    const std::string name = names[below(3)];
    const auto kind = below(4);
    if (!nodes_[name])
      start(name);
    else if (kind == 0)
      stop(name);
    else if (kind == 1) {
      nodes_[name]->core.leave("stop", now());
      say_goodbye(nodes_[name], name);
      stop(name);
    } else
      for (auto& [pair, pipe] : pipes_)
        if (below(3) == 0)
          *pipe = false;
  }

  void say_goodbye(const process_ptr& from, const std::string& name) {
    const auto incarnation = from->core.settings().incarnation;
    for (const auto& [other, to] : nodes_) {
      if (!to || to == from || lose())
        continue;
      later([this, to = to, name, incarnation] {
        if (!to->alive)
          return;
        to->core.said_goodbye(name, incarnation, "stop", now());
        drain(to);
      });
    }
  }

  void advance(time_span step) {
    now_ += step;
    while (!agenda_.empty() && agenda_.begin()->first <= now_) {
      auto what = std::move(agenda_.begin()->second);
      agenda_.erase(agenda_.begin());
      what();
    }
    std::erase_if(pipes_, [](const auto& each) { return !*each.second; });
    for (const auto& [name, each] : nodes_)
      if (each && each->core.next_wake() && *each->core.next_wake() <= now_) {
        each->core.tick(now());
        drain(each);
      }
  }

  void drain(const process_ptr& in) {
    for (auto& each : in->core.take_effects())
      std::visit([&](const auto& what) { perform(in, what); }, each);
  }

  void perform(const process_ptr& in, const effect::dial& what) {
    if (lose())
      return;
    later([this, in, what] {
      if (!in->alive)
        return;
      const auto to = nodes_[what.name];
      result<void> outcome;
      if (!to)
        outcome = fail(errc::unavailable, "connection refused");
      else {
        auto& pipe = pipes_[{in, to}];
        if (!pipe || !*pipe)
          pipe = std::make_shared<bool>(true);
        in->reached[what.name] = pipe;
      }
      in->core.dialed(what.name, what.attempt, outcome, now());
      drain(in);
    });
  }

  void perform(const process_ptr& in, const effect::greet& what) {
    const auto pipe = in->reached[what.name];
    const auto to = nodes_[what.name];
    if (!pipe || !*pipe || !to || lose())
      return;
    const auto& settings = in->core.settings();
    introduction from{"demo",
                      settings.self,
                      settings.incarnation,
                      {},
                      {},
                      in->core.known_incarnation(what.name)};
    later([this, in, to, what, from, pipe] {
      if (!to->alive)
        return;
      to->heard_over = pipe;
      const auto accepted = to->core.heard(from, std::nullopt, now());
      drain(to);
      if (!*pipe || lose())
        return;
      later([this, in, to, what, accepted, pipe] {
        if (!in->alive)
          return;
        const auto& theirs = to->core.settings();
        result<introduction> answer =
            introduction{"demo", theirs.self, theirs.incarnation, {}, {}, 0};
        if (!accepted)
          answer = tl::unexpected(accepted.error());
        in->heard_over = pipe;
        in->core.greeted(what.name, what.attempt, answer, now());
        drain(in);
      });
    });
  }

  void perform(const process_ptr& in, const effect::attend& what) {
    in->seen[what.name].over = in->heard_over;
    watch(in, what, in->heard_over);
  }

  void watch(const process_ptr& in, const effect::attend& what,
             const connection& over) {
    later([this, in, what, over] {
      if (!in->alive)
        return;
      if (*over) {
        watch(in, what, over);
        return;
      }
      in->core.lost(what.name, what.session, "connection lost", now());
      drain(in);
    });
  }

  void perform(const process_ptr&, const effect::dismiss&) { ++losses; }

  void perform(const process_ptr& in, const effect::announce& what) {
    if (what.event.name != in->core.settings().self)
      in->seen[what.event.name].take(what.event);
  }

  void perform(const process_ptr&, const effect::fenced&) {
    FAIL("there is no leftover process");
  }

  std::mt19937 random_;
  time_span now_ = 1s;
  bool faults_ = false;
  std::map<std::string, process_ptr> nodes_;
  std::map<std::string, std::uint64_t> incarnations_;
  std::map<std::pair<process_ptr, process_ptr>, connection> pipes_;
  std::multimap<time_span, std::function<void()>> agenda_;
};

} // namespace

TEST_CASE("nodes behind lossy pipes agree after each time of faults") {
  const auto seed = std::random_device{}();
  for (std::uint32_t i = 0; i < 20; ++i) {
    CAPTURE(seed);
    CAPTURE(i);
    world simulated{seed + i};
    for (int round = 0; round < 5; ++round) {
      simulated.run(20s, true);
      simulated.run(15s, false);
      simulated.check_settled();
    }
    REQUIRE(simulated.losses > 10);
  }
}

} // namespace weft::actors

#pragma once

#include "runtime/supervision/restart_policy_core.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weft::supervision::test {

using namespace std::chrono_literals;

inline child_policy child(std::string id,
                          restart_kind restart = restart_kind::permanent) {
  child_policy result;
  result.id = std::move(id);
  result.restart = restart;
  return result;
}

inline child_policy significant(std::string id, restart_kind restart) {
  auto result = child(std::move(id), restart);
  result.significant = true;
  return result;
}

inline supervisor_policy with(strategy how, std::uint32_t intensity = 3) {
  supervisor_policy result;
  result.strategy = how;
  result.intensity = intensity;
  return result;
}

/// The children of a core, played: they start and stop at once unless told
/// otherwise. `log` has "+a" for a start, "!a" for a failed one, "-a" for an
/// end that was asked for, "*a" for one that was not, "#a" for an abandoned
/// child. Every step checks that no child has two living incarnations.
class world {
public:
  explicit world(supervisor_policy policy, std::vector<child_policy> children,
                 std::uint64_t seed = 1)
      : core{"n2/hello", policy, seed} {
    auto keys = core.start_up(std::move(children), now);
    REQUIRE(keys);
    run();
  }

  /// Carries out effects until there are none.
  void run() {
    while (auto next = core.next_effect())
      std::visit([this](auto& what) { take(what); }, *next);
  }

  void advance(duration by) {
    now += by;
    core.advance(now);
    run();
  }

  /// Jumps to the next deadline; false: there is none.
  bool advance_to_deadline() {
    const auto next = core.next_deadline();
    if (!next)
      return false;
    now = std::max(now, *next);
    core.advance(now);
    run();
    return true;
  }

  void end(const std::string& id, end_kind kind = end_kind::abnormal,
           std::string reason = "it threw: no fuel") {
    const auto key = core.find(id);
    REQUIRE(key);
    const auto found = alive.find(*key);
    REQUIRE(found != alive.end());
    log += "*" + id;
    const auto which = found->second;
    alive.erase(found);
    core.ended(*key, which, kind, std::move(reason), now);
    run();
  }

  void report_start(const std::string& id) {
    const auto key = *core.find(id);
    finish_start(key, pending.at(key));
    run();
  }

  /// The answer to a command: "ok", "ok, ran", or the failure's text.
  template <class Command>
  std::string ask(Command command) {
    const auto by = ++last_ticket;
    command(by);
    run();
    const auto found = replies.find(by);
    return found == replies.end() ? "no answer yet" : found->second;
  }

  std::string terminate(const std::string& id) {
    return ask([&](ticket by) { core.terminate(by, id, now); });
  }
  std::string restart(const std::string& id) {
    return ask([&](ticket by) { core.restart(by, id, now); });
  }
  std::string remove(const std::string& id) {
    return ask([&](ticket by) { core.remove(by, id, now); });
  }
  std::string add(child_policy policy) {
    return ask([&](ticket by) { core.add(by, std::move(policy), now); });
  }
  std::string add_instance() {
    return ask([&](ticket by) { core.add_instance(by, now); });
  }

  void shut_down() {
    core.shut_down(now);
    run();
  }

  std::string state(const std::string& id) {
    const auto key = core.find(id);
    return key ? std::string{to_string(core.view(*key, now)->state)}
               : "no such child";
  }

  /// The log since the last call.
  std::string news() { return std::exchange(log, {}); }

  restart_policy_core core;
  time_point now{1h};
  std::string log;
  /// By id: how many of the next starts fail.
  std::map<std::string, int> failing;
  /// Starts of these are not reported before `report_start`.
  std::set<std::string> slow;
  /// These choose not to start.
  std::set<std::string> idle;
  /// These end only when killed.
  std::set<std::string> stubborn;
  /// These do not end at all.
  std::set<std::string> stuck;

  std::map<child_key, generation> alive;
  std::map<child_key, generation> pending;
  std::map<ticket, std::string> replies;
  std::vector<effect::report> reports;
  std::optional<effect::finish> finished;
  bool is_ready = false;
  ticket last_ticket = 0;

private:
  std::string id(child_key key) { return core.view(key, now)->id; }

  void finish_start(child_key key, generation which) {
    pending.erase(key);
    const auto name = core.view(key, now) ? id(key) : "gone";
    if (idle.count(name) > 0)
      return core.not_started(key, which, std::nullopt, now);
    if (failing[name] > 0) {
      --failing[name];
      log += "!" + name;
      return core.not_started(key, which, "no room", now);
    }
    // Logged before the core hears of it, as a start function would.
    log += "+" + name;
    const auto verdict = core.started(key, which, now);
    if (verdict != restart_policy_core::verdict::accepted) {
      log += "?" + name;
      return;
    }
    CHECK_MESSAGE(alive.count(key) == 0, "two incarnations of ", name);
    alive[key] = which;
  }

  void take(effect::adopt&) {}
  void take(effect::start& what) {
    if (slow.count(id(what.child)) > 0)
      pending[what.child] = what.generation;
    else
      finish_start(what.child, what.generation);
  }
  void take(effect::stop& what) {
    const auto found = alive.find(what.child);
    if (found == alive.end())
      return;
    const auto name = id(what.child);
    if (stuck.count(name) > 0 || (stubborn.count(name) > 0 && !what.kill))
      return;
    log += "-" + name;
    const auto which = found->second;
    alive.erase(found);
    core.ended(what.child, which,
               what.kill ? end_kind::abnormal : end_kind::shutdown,
               what.kill ? "killed" : "shutdown", now);
  }
  void take(effect::abandon& what) { alive.erase(what.child); }
  void take(effect::drop& what) {
    CHECK_MESSAGE(alive.count(what.child) == 0, "a living child was dropped");
  }
  void take(effect::reply& what) {
    CHECK_MESSAGE(replies.count(what.to) == 0, "answered twice");
    replies[what.to] = !what.value   ? to_string(what.value.error())
                       : *what.value ? "ok, ran"
                                     : "ok";
  }
  void take(effect::ready&) { is_ready = true; }
  void take(effect::report& what) {
    if (what.kind == event_kind::abandoned)
      log += "#" + what.id;
    reports.push_back(what);
  }
  void take(effect::finish& what) {
    CHECK_MESSAGE(alive.empty(), "finished with living children");
    CHECK_FALSE(finished);
    finished = what;
  }
};

} // namespace weft::supervision::test

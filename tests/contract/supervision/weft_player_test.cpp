#include "runtime/supervision/exits.hpp"
#include "runtime/supervision/supervisor_actor.hpp"
#include "runtime/supervision/type_ids.hpp"
#include "tests/contract/supervision/weft_player.hpp"
#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>

namespace weft::supervision::contract {

namespace {

using namespace std::chrono_literals;

using test_system =
    test::deterministic_system_with<caf::id_block::weft_supervision>;

caf::error reason_of(const std::string& word) {
  if (word == "normal")
    return {};
  if (word == "shutdown")
    return caf::exit_reason::user_shutdown;
  if (word == "{shutdown,term}")
    return shutdown_because("term");
  return to_caf({errc::internal, word});
}

std::string word_of(const caf::error& reason) {
  if (!reason)
    return "normal";
  if (reason == caf::exit_reason::user_shutdown)
    return reason.context().empty() ? "shutdown" : "{shutdown,term}";
  return reason == caf::exit_reason::kill ? "killed" : "error";
}

caf::behavior scripted(caf::event_based_actor* self, bool stubborn) {
  if (stubborn)
    self->set_exit_handler([](caf::exit_msg&) {});
  return {[self](const std::string& reason) { self->quit(reason_of(reason)); }};
}

/// The oracle's word for how a command ended.
std::string word_of(const failure& problem) {
  const auto says = [&](std::string_view part) {
    return problem.message.find(part) != std::string::npos;
  };
  switch (problem.code) {
  case errc::not_found:
    return "not_found";
  case errc::unsupported:
    return "simple_one_for_one";
  case errc::invalid_argument:
    return "invalid";
  case errc::already_exists:
    return says("runs already")         ? "already_started"
           : says("terminate it first") ? "running"
                                        : "already_present";
  case errc::unavailable:
    return says("did not start") ? "failed" : "restarting";
  default:
    return to_string(problem);
  }
}

class player : public test_system {
public:
  explicit player(const crash_script& script) : script_{script} {}

  ~player() {
    caf::anon_send_exit(top_, caf::exit_reason::kill);
    drain();
  }

  trace run() {
    note("script " + std::to_string(script_.seed));
    for (const auto& child : script_.children)
      failing_[child.id] = child.fails;
    const bool ready = begin();
    settle();
    if (!ready || ended_) {
      note("ended not_started");
      return lines_;
    }
    for (const auto& one : script_.steps) {
      note("step " + to_words(one));
      take(one);
      settle();
      if (ended_) {
        note("ended " + *ended_);
        return lines_;
      }
      note("children " + children());
    }
    caf::anon_send_exit(top_, caf::exit_reason::user_shutdown);
    settle();
    note("ended " + ended_.value_or("never"));
    return lines_;
  }

private:
  void note(std::string line) { lines_.push_back(std::move(line)); }

  bool begin() {
    supervisor_options options;
    options.path = "contract";
    options.policy.strategy = script_.strategy;
    options.policy.intensity = script_.intensity;
    options.policy.period = script_period;
    options.policy.auto_shutdown = script_.auto_shutdown;
    for (const auto& child : script_.children)
      if (child.initial)
        options.children.push_back(spec(child));
    auto spawned = spawn_supervisor(system, std::move(options));
    if (!spawned)
      return false;
    top_ = *spawned;
    top_->attach_functor(
        [this](const caf::error& reason) { ended_ = word_of_end(reason); });
    return true;
  }

  static std::string word_of_end(const caf::error& reason) {
    return classify(reason) == end_kind::shutdown ? "shutdown"
                                                  : word_of(reason);
  }

  start_function starting(const std::string& name, bool stubborn) {
    return start_now([this, name, stubborn](caf::event_based_actor& above) {
      if (failing_[name] > 0) {
        --failing_[name];
        events_.push_back("failed " + name);
        throw std::runtime_error("no room");
      }
      const auto actor = above.spawn(scripted, stubborn);
      events_.push_back("started " + name);
      alive_[name] = actor;
      names_[actor.id()] = name;
      actor->attach_functor([this, name](const caf::error& reason) {
        alive_.erase(name);
        events_.push_back("ended " + name + " " + word_of(reason));
      });
      return caf::actor_cast<caf::strong_actor_ptr>(actor);
    });
  }

  child_spec spec(const scripted_child& child) {
    return {.id = child.id,
            .start = starting(child.id, child.stubborn),
            .restart = child.restart,
            .shutdown = child.shutdown,
            .significant = child.significant};
  }

  /// Until nothing happens any more; two milliseconds let the shutdown time
  /// of a stubborn child pass.
  void settle() {
    wait();
    lines_.insert(lines_.end(), events_.begin(), events_.end());
    events_.clear();
  }

  void wait() {
    drain();
    for (auto seen = events_.size() + 1; seen != events_.size();) {
      seen = events_.size();
      advance(2ms);
    }
  }

  template <class Reply, class Message>
  void command(Message message) {
    auto pending = self->request(top_, caf::infinite, std::move(message));
    wait();
    pending.receive([&](const Reply&) { note("result ok"); },
                    [&](const caf::error& error) {
                      note("result " + word_of(from_caf(error)));
                    });
  }

  void take(const step& what) {
    using kind = step::kind;
    const auto found = alive_.find(what.name);
    const bool runs = found != alive_.end();
    switch (what.what) {
    case kind::crash:
      if (runs && what.reason == "kill")
        caf::anon_send_exit(found->second, caf::exit_reason::kill);
      else if (runs)
        caf::anon_send(found->second, what.reason);
      return;
    case kind::fail:
      failing_[what.name] = what.count;
      return;
    case kind::terminate:
      if (!script_.simple())
        command<bool>(terminate_child{what.name});
      else if (runs)
        command<bool>(terminate_instance{
            caf::actor_cast<caf::strong_actor_ptr>(found->second)});
      return;
    case kind::terminate_id:
      return command<bool>(terminate_child{what.name});
    case kind::restart:
      return command<child_started>(restart_child{what.name});
    case kind::remove:
      return command<std::uint64_t>(delete_child{what.name});
    case kind::add:
      return add(what.name);
    case kind::stop:
      return caf::anon_send_exit(top_, caf::exit_reason::user_shutdown);
    }
  }

  void add(const std::string& name) {
    if (script_.simple())
      return command<child_started>(
          add_instance{starting(name, script_.children[0].stubborn)});
    const auto child =
        std::find_if(script_.children.begin(), script_.children.end(),
                     [&](const auto& one) { return one.id == name; });
    command<child_started>(spec(*child));
  }

  std::string children() {
    const auto list =
        ask<std::vector<child_info>>(top_, list_children{}).value();
    std::vector<std::string> words;
    for (const auto& child : list)
      words.push_back(script_.simple() ? names_.at(child.actor->id())
                                       : child.id + (child.actor ? "*" : ""));
    if (script_.simple())
      std::sort(words.begin(), words.end());
    std::string result;
    for (const auto& word : words)
      result += (result.empty() ? "" : " ") + word;
    return result;
  }

  crash_script script_;
  local_supervisor_actor top_;
  std::map<std::string, int> failing_;
  std::map<std::string, caf::actor> alive_;
  std::map<caf::actor_id, std::string> names_;
  std::optional<std::string> ended_;
  trace events_;
  trace lines_;
};

} // namespace

trace play(const crash_script& script) {
  return player{script}.run();
}

TEST_CASE("a played script shows starts, ends, answers and children") {
  crash_script script;
  script.seed = 7;
  script.strategy = strategy::rest_for_one;
  script.intensity = 1;
  script.children = {{.id = "a"}, {.id = "b"}};
  script.steps = {{step::kind::terminate, "b", {}, 0},
                  {step::kind::crash, "a", "error", 0},
                  {step::kind::crash, "a", "kill", 0}};
  CHECK(play(script)
        == trace{"script 7", "started a", "started b", "step terminate b",
                 "result ok", "ended b shutdown", "children a* b",
                 "step crash a error", "ended a error", "started a",
                 "started b", "children a* b*", "step crash a kill",
                 "ended a killed", "ended b shutdown", "ended shutdown"});
}

} // namespace weft::supervision::contract

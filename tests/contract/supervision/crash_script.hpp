#pragma once

#include "runtime/supervision/policy.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

/// Random crash scripts for the comparison of supervisors, the same for the
/// same seed on every machine.
namespace weft::supervision::contract {

struct scripted_child {
  std::string id = {};
  restart_kind restart = restart_kind::permanent;
  shutdown_policy shutdown = {};
  bool significant = false;
  /// Ignores the exit reason `shutdown`.
  bool stubborn = false;
  /// Started with the supervisor, not by a step.
  bool initial = true;
  /// How many starts fail from the beginning.
  int fails = 0;
};

struct step {
  enum class kind {
    crash,
    fail,
    terminate,
    terminate_id,
    restart,
    remove,
    add,
    stop,
  };
  kind what = kind::stop;
  std::string name;
  /// crash: "error", "normal", "shutdown", "kill" or "{shutdown,term}".
  std::string reason;
  /// fail: how many of the next starts.
  int count = 0;
};

struct crash_script {
  std::uint64_t seed = 0;
  supervision::strategy strategy = strategy::one_for_one;
  std::uint32_t intensity = 1;
  supervision::auto_shutdown auto_shutdown = auto_shutdown::never;
  std::vector<scripted_child> children;
  std::vector<step> steps;

  bool simple() const { return strategy == strategy::simple_one_for_one; }
};

/// The restarts of a whole script fall into one period.
inline constexpr std::chrono::seconds script_period{1000};

/// Makes scripts from a seed, by the seed alone.
class script_generator {
public:
  explicit script_generator(std::uint64_t seed) : random_{seed} {
    script_.seed = seed;
  }

  crash_script make() {
    script_.strategy = static_cast<strategy>(below(4));
    script_.intensity = static_cast<std::uint32_t>(
        chance(20) ? 100 : static_cast<int>(below(6)));
    script_.auto_shutdown =
        static_cast<auto_shutdown>(chance(50) ? 0 : static_cast<int>(below(3)));
    const auto children = script_.simple() ? 1 : 1 + below(6);
    for (std::uint64_t i = 0; i < children; ++i)
      script_.children.push_back(
          make_child(std::string(1, static_cast<char>('a' + i))));
    const auto steps = 4 + below(12);
    for (std::uint64_t i = 0; i < steps; ++i)
      script_.steps.push_back(make_step());
    return script_;
  }

private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool chance(std::uint64_t percent) { return below(100) < percent; }

  scripted_child make_child(std::string id) {
    scripted_child child;
    child.id = std::move(id);
    child.restart = static_cast<restart_kind>(below(3));
    child.initial = script_.simple() || chance(85);
    const auto kind = below(3);
    child.shutdown =
        kind == 0   ? shutdown_policy::brutal_kill()
        : kind == 1 ? shutdown_policy::infinity()
                    : shutdown_policy::within(std::chrono::milliseconds{1});
    // A stubborn child that is waited for without limit would never end.
    child.stubborn = kind != 1 && chance(15);
    const bool may_be_significant =
        script_.auto_shutdown != auto_shutdown::never
        && child.restart != restart_kind::permanent;
    child.significant =
        may_be_significant ? chance(50) : !child.initial && chance(15);
    child.fails = chance(5) ? 1 + static_cast<int>(below(2)) : 0;
    return child;
  }

  std::string any_name() {
    if (script_.simple())
      return "i" + std::to_string(1 + below(instances_ + 1));
    return script_.children[below(script_.children.size())].id;
  }

  std::string any_reason() {
    const auto dice = below(100);
    return dice < 50   ? "error"
           : dice < 65 ? "normal"
           : dice < 75 ? "shutdown"
           : dice < 83 ? "{shutdown,term}"
                       : "kill";
  }

  step make_step() {
    using kind = step::kind;
    const auto dice = below(100);
    if (script_.simple() && (instances_ == 0 || dice < 20))
      return {kind::add, "i" + std::to_string(++instances_), {}, 0};
    if (dice < 54)
      return {kind::crash, any_name(), any_reason(), 0};
    if (dice < 64)
      return {kind::fail, any_name(), {}, 1 + static_cast<int>(below(4))};
    if (dice < 74)
      return {kind::terminate, any_name(), {}, 0};
    const auto id = script_.simple() ? script_.children[0].id : any_name();
    if (dice < 84)
      return {kind::restart, id, {}, 0};
    if (dice < 90)
      return {kind::remove, id, {}, 0};
    if (dice >= 98)
      return {kind::stop, {}, {}, 0};
    return {script_.simple() ? kind::terminate_id : kind::add, id, {}, 0};
  }

  std::mt19937_64 random_;
  crash_script script_;
  std::uint64_t instances_ = 0;
};

/// The step in words, the same as the oracle prints it.
inline std::string to_words(const step& what) {
  switch (what.what) {
  case step::kind::crash:
    return "crash " + what.name + " " + what.reason;
  case step::kind::fail:
    return "fail " + what.name + " " + std::to_string(what.count);
  case step::kind::terminate:
    return "terminate " + what.name;
  case step::kind::terminate_id:
    return "terminate_id " + what.name;
  case step::kind::restart:
    return "restart " + what.name;
  case step::kind::remove:
    return "delete " + what.name;
  case step::kind::add:
    return "add " + what.name;
  case step::kind::stop:
    return "stop";
  }
  return {};
}

/// The script as the term that the oracle reads.
std::string to_erlang(const crash_script& script);

} // namespace weft::supervision::contract

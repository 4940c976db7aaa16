#include "runtime/module/job_actor.hpp"

#include "runtime/base/json_text.hpp"
#include "runtime/base/text.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/caf/type_ids.hpp"
#include "runtime/module/actor_binding.hpp"
#include "runtime/module/job_binding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace weft::modules {

namespace {

using job_shell = extended_actor<job_actor, void(stop_atom)>;

/// A pending timer keeps its receiver alive, and with it the job's result;
/// hence many short ones and not one as long as the job may run.
constexpr std::chrono::nanoseconds tick = std::chrono::seconds{1};

struct job_plan {
  job_type type;
  config::arguments arguments;
  context where;
  job_spawn_options options;
};

struct shell_state {
  static inline const char* name = "weft.job";

  // As an aggregate, CAF would try to make it from its self pointer.
  shell_state() = default;

  ~shell_state() {
    if (control)
      control->cancel();
  }

  std::string type;
  std::size_t waiters_max = 0;
  std::chrono::nanoseconds remaining{0};
  std::shared_ptr<job_control> control;
  std::optional<job_outcome> outcome;
  std::vector<caf::typed_response_promise<std::string>> waiters;
};

using shell_pointer = job_shell::stateful_pointer<shell_state>;

std::string with_granularity(nlohmann::json value, nlohmann::json measured) {
  if (!value.is_object())
    value = {{"value", std::move(value)}};
  value["granularity"] = std::move(measured);
  return json_text(value);
}

job_outcome run_job(job& in, const job_plan& plan) {
  auto returned = plan.type.run(in, plan.arguments);
  if (!returned)
    return {static_cast<std::uint8_t>(returned.error().code),
            std::move(returned.error().message)};
  return {0, with_granularity(std::move(*returned), in.granularity())};
}

/// The job's thread. It holds a handle to the shell, so that the shell lives
/// until the job has ended.
void work(caf::blocking_actor* self, const job_shell& shell,
          const std::shared_ptr<job_control>& control, const job_plan& plan) {
  job in{self, plan.where, control};
  job_outcome outcome;
  try {
    outcome = run_job(in, plan);
  } catch (...) {
    auto why = job_threw(plan.type.name, std::current_exception());
    outcome = {static_cast<std::uint8_t>(why.code), std::move(why.message)};
  }
  send(self, shell, std::move(outcome));
}

void answer(caf::typed_response_promise<std::string>& waiter,
            const job_outcome& outcome) {
  if (outcome.code == 0)
    waiter.deliver(outcome.text);
  else
    waiter.deliver(to_caf({static_cast<errc>(outcome.code), outcome.text}));
}

/// Keeps the first outcome and tells everybody who waits.
bool conclude(shell_pointer self, job_outcome outcome) {
  auto& own = state(self);
  if (own.outcome)
    return false;
  own.outcome = std::move(outcome);
  for (auto& waiter : own.waiters)
    answer(waiter, *own.outcome);
  own.waiters.clear();
  own.control->cancel();
  return true;
}

caf::result<std::string> wait_for_outcome(shell_pointer self) {
  auto& own = state(self);
  if (!own.outcome && own.waiters.size() >= own.waiters_max)
    return to_caf(
        {errc::exhausted, fmt::format("{} callers wait for job {} already",
                                      own.waiters_max, own.type)});
  auto waiter = self->make_response_promise<std::string>();
  if (own.outcome)
    answer(waiter, *own.outcome);
  else
    own.waiters.push_back(waiter);
  return waiter;
}

void wait_for_tick(shell_pointer self) {
  delayed_send(self, job_shell{self}, std::min(tick, state(self).remaining),
               stop_atom_v);
}

bool abandon(shell_pointer self, errc code, std::string message) {
  return conclude(self, {static_cast<std::uint8_t>(code), std::move(message)});
}

job_shell::behavior_type watch(shell_pointer self, job_plan plan) {
  auto& own = state(self);
  own.type = plan.type.name;
  own.waiters_max = plan.options.waiters_max;
  own.control = std::make_shared<job_control>(plan.options.on_progress);
  const auto timeout = plan.options.timeout;
  own.remaining = timeout;
  wait_for_tick(self);
  self->system().spawn([shell = job_shell{self}, control = own.control,
                        plan = std::move(plan)](caf::blocking_actor* worker) {
    work(worker, shell, control, plan);
  });
  return {
      [self](await_job) { return wait_for_outcome(self); },
      [self](const cancel_job& order) {
        return abandon(self, errc::cancelled,
                       fmt::format("job {} was cancelled: {}", state(self).type,
                                   order.reason));
      },
      [self](query_job) {
        auto now = state(self).control->progress();
        return job_status{!state(self).outcome, now.done, now.total,
                          std::move(now.text)};
      },
      [self](job_outcome& outcome) { conclude(self, std::move(outcome)); },
      [self, timeout](stop_atom) {
        auto& remaining = state(self).remaining;
        remaining -= std::min(tick, remaining);
        if (state(self).outcome)
          return;
        if (remaining > std::chrono::nanoseconds{0})
          return wait_for_tick(self);
        abandon(self, errc::timed_out,
                fmt::format("job {} ran longer than its timeout of {}",
                            state(self).type, format_duration(timeout)));
      },
  };
}

} // namespace

result<job_actor> spawn_job(caf::actor_system& system, const job_type& type,
                            config::arguments arguments, context where,
                            job_spawn_options options) {
  if (const auto found = type.check(arguments); !found.empty())
    return tl::unexpected(wrong_arguments(type.name, found));
  // Hidden: its pending timer must not delay the end of the system.
  return job_actor{system.spawn<caf::hidden>(
      watch, job_plan{type, std::move(arguments), std::move(where),
                      std::move(options)})};
}

result<nlohmann::json> parse_outcome(const result<std::string>& answer) {
  if (!answer)
    return tl::unexpected(answer.error());
  auto value = nlohmann::json::parse(*answer, nullptr, false);
  if (value.is_discarded())
    return fail(errc::internal, "the job's result is not JSON");
  return value;
}

} // namespace weft::modules

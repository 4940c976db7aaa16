#include "runtime/caf/error.hpp"
#include "runtime/supervision/exits.hpp"
#include "runtime/supervision/supervisor.hpp"

#include <exception>

namespace weft::supervision {

void supervisor::run() {
  // A start function may report at once, and so come back here.
  if (in_run_)
    return;
  in_run_ = true;
  while (auto next = core_.next_effect())
    std::visit([this](auto& what) { carry_out(what); }, *next);
  in_run_ = false;
  arm();
}

void supervisor::arm() {
  const auto next = core_.next_deadline();
  if (!next || finished_ || (armed_ && *armed_ <= *next))
    return;
  armed_ = next;
  ++armed_number_;
  const auto current = now();
  if (*next <= current)
    send(self_, self_, caf::tick_atom_v, armed_number_);
  else
    delayed_send(self_, self_, *next - current, caf::tick_atom_v,
                 armed_number_);
}

void supervisor::carry_out(effect::adopt& what) {
  auto staged = staged_.find(what.by);
  if (staged == staged_.end())
    return;
  (*live_)[what.child] = std::move(staged->second);
  staged_.erase(staged);
}

void supervisor::carry_out(effect::start& what) {
  auto found = live_->find(what.child);
  if (found == live_->end())
    return;
  const auto& own = found->second.start;
  // A copy: the child may be dropped while its start function runs.
  const auto start =
      own || !core_.simple() ? own : options_.children.front().start;
  start_done done =
      [weak = weak_from_this(), child = what.child,
       which = what.generation](result<caf::strong_actor_ptr> outcome) {
        if (auto here = weak.lock())
          here->start_reported(child, which, std::move(outcome));
        else if (outcome && *outcome)
          send_exit_first(*outcome, nullptr,
                          kill_because("its supervisor is lost"));
      };
  found->second.which = what.generation;
  starting_ = what.child;
  try {
    if (start)
      start(*self_, done);
    else
      done(fail(errc::invalid_argument, "it has no start function"));
  } catch (...) {
    const auto thrown = describe_exception(std::current_exception());
    start_reported(what.child, what.generation,
                   tl::unexpected(from_caf(thrown)));
  }
  starting_ = 0;
}

void supervisor::start_reported(child_key child, generation which,
                                result<caf::strong_actor_ptr> outcome) {
  if (!outcome || !*outcome) {
    const auto found = live_->find(child);
    if (found != live_->end() && found->second.which == which)
      found->second.actor = nullptr;
    core_.not_started(
        child, which,
        outcome ? std::nullopt : std::optional{outcome.error().message}, now());
  } else {
    switch (core_.started(child, which, now())) {
    case restart_policy_core::verdict::accepted:
      take_in(child, which, *outcome);
      break;
    case restart_policy_core::verdict::unwanted:
      send_exit_first(*outcome, address(),
                      kill_because("it was started too late"));
      break;
    case restart_policy_core::verdict::repeated:
      break;
    }
  }
  run();
}

void supervisor::take_in(child_key child, generation which,
                         const caf::strong_actor_ptr& actor) {
  auto& live = live_->at(child);
  live.actor = actor;
  live.which = which;
  const auto address = caf::actor_cast<caf::actor_addr>(actor);
  if (core_.simple())
    instances_[address] = child;
  // A link would cost a search through all links at each child's end, so
  // that only those have one whom this process cannot tell of its loss.
  if (actor->node() != self_->node() && live.kind != child_kind::node) {
    linked_.insert(address);
    self_->link_to(actor);
  }
  monitors_.watch(self_, actor, [=, this](const caf::error& reason) {
    child_ended(child, which, address, reason);
  });
}

void supervisor::child_ended(child_key child, generation which,
                             const caf::actor_addr& address,
                             const caf::error& reason) {
  linked_.erase(address);
  instances_.erase(address);
  auto found = live_->find(child);
  if (found != live_->end() && found->second.which == which)
    found->second.actor = nullptr;
  core_.ended(child, which, classify(reason), describe_exit(reason), now());
  run();
}

void supervisor::carry_out(effect::stop& what) {
  const auto found = live_->find(what.child);
  if (found == live_->end() || !found->second.actor)
    return;
  const auto& actor = found->second.actor;
  send_exit_first(actor, address(),
                  what.kill ? caf::exit_reason::kill
                            : caf::exit_reason::user_shutdown);
}

void supervisor::carry_out(effect::abandon& what) {
  const auto found = live_->find(what.child);
  if (found == live_->end() || !found->second.actor)
    return;
  const auto actor = std::exchange(found->second.actor, nullptr);
  const auto address = caf::actor_cast<caf::actor_addr>(actor);
  send_exit_first(actor, this->address(), caf::exit_reason::kill);
  monitors_.forget(self_, actor);
  instances_.erase(address);
  if (linked_.erase(address) > 0)
    self_->unlink_from(actor);
}

void supervisor::carry_out(effect::drop& what) {
  live_->erase(what.child);
}

void supervisor::carry_out(effect::reply& what) {
  staged_.erase(what.to);
  auto found = answers_.find(what.to);
  if (found == answers_.end())
    return;
  const auto answer = std::move(found->second);
  answers_.erase(found);
  answer(what);
}

void supervisor::carry_out(effect::ready&) {
  is_ready_ = true;
  for (auto& one : awaiting_ready_)
    one.deliver(std::uint64_t{core_.size()});
  awaiting_ready_.clear();
}

void supervisor::carry_out(effect::report& what) {
  auto path = what.id.empty() ? options_.path : options_.path + "/" + what.id;
  if (what.kind == event_kind::abandoned && !awaiting_stop_.empty())
    abandoned_.push_back(path);
  if (!options_.observer)
    return;
  options_.observer({.path = std::move(path),
                     .kind = what.kind,
                     .reason = std::move(what.reason),
                     .restarts = what.restarts});
}

void supervisor::carry_out(effect::finish& what) {
  finished_ = true;
  const auto problem = what.why.empty()
                           ? "supervisor " + options_.path + " was stopped"
                           : what.why;
  for (auto& one : awaiting_ready_)
    one.deliver(to_caf({errc::unavailable, problem}));
  for (auto& one : awaiting_stop_)
    one.deliver(supervisor_stopped{abandoned_});
  awaiting_ready_.clear();
  awaiting_stop_.clear();
  self_->quit(what.why.empty() ? caf::error{caf::exit_reason::user_shutdown}
                               : shutdown_because(what.why));
}

} // namespace weft::supervision

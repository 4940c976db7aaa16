#include "runtime/supervision/supervisor.hpp"

#include "runtime/caf/error.hpp"
#include "runtime/caf/type_ids.hpp"
#include "runtime/supervision/exits.hpp"
#include "runtime/supervision/tree_collector.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace weft::supervision {

namespace {

/// Ends the children of a supervisor that could not stop them in order.
void end_all(live_children& children) {
  for (auto& [key, child] : children) {
    if (!child.actor || child.kind == child_kind::node)
      continue;
    // A supervisor must get to stop its own children in order.
    send_exit_first(child.actor, nullptr,
                    child.kind == child_kind::supervisor
                        ? shutdown_because("its supervisor is lost")
                        : kill_because("its supervisor is lost"));
  }
  children.clear();
}

/// Requests that may wait for the supervisor to be ready, or stopped.
constexpr std::size_t waiting_max = 1024;

std::string too_many_wait(const std::string& path) {
  return "supervisor " + path + ": " + std::to_string(waiting_max)
         + " requests wait for it already; try again later";
}

} // namespace

supervisor::supervisor(caf::event_based_actor* self, supervisor_options options)
    : self_{self}, options_{std::move(options)}, core_{options_.path,
                                                       options_.policy,
                                                       options_.seed} {}

caf::behavior supervisor::begin() {
  explain_exceptions(self_);
  self_->set_default_handler(caf::drop);
  self_->set_exit_handler(
      [this](caf::exit_msg& message) { handle_exit(message); });
  self_->attach_functor([live = live_](const caf::error&) { end_all(*live); });
  send(self_, self_, start_atom_v);
  caf::message_handler own{[this](start_atom) { start_children(); },
                           [this](caf::tick_atom, std::uint64_t number) {
                             if (number == armed_number_)
                               armed_.reset();
                             core_.advance(now());
                             run();
                           }};
  return own.or_else(message_handlers().unbox());
}

void supervisor::start_children() {
  if (finished_ || std::exchange(begun_, true))
    return;
  std::vector<child_policy> policies;
  for (const auto& child : options_.children)
    policies.push_back(policy_of(child));
  const auto keys = core_.start_up(std::move(policies), now());
  if (!keys)
    return self_->quit(to_caf(keys.error()));
  for (std::size_t i = 0; i < keys->size(); ++i)
    (*live_)[(*keys)[i]] = {options_.children[i].start,
                            options_.children[i].kind, nullptr, 0};
  if (!core_.simple())
    options_.children.clear();
  run();
}

void supervisor::announce(caf::strong_actor_ptr actor) {
  if (auto found = live_->find(starting_); found != live_->end())
    found->second.actor = std::move(actor);
}

supervisor::handlers supervisor::message_handlers() {
  return {
      [this](await_ready) { return ready(); },
      [this](const terminate_child& what) {
        return submit<bool>(
            [&](ticket by) { core_.terminate(by, what.id, now()); },
            [](const effect::reply& reply) { return *reply.value; });
      },
      [this](const terminate_instance& what) { return terminate(what); },
      [this](const restart_child& what) {
        return submit<child_started>(
            [&](ticket by) { core_.restart(by, what.id, now()); },
            [this](const effect::reply& it) { return started_view(it); });
      },
      [this](const delete_child& what) {
        return submit<std::uint64_t>(
            [&](ticket by) { core_.remove(by, what.id, now()); },
            [this](const effect::reply&) {
              return std::uint64_t{core_.size()};
            });
      },
      [this](const list_children& what) { return list(what.children_max); },
      [this](const tree_request& what) { return tree(what); },
      [this](const kill_child& what) { return kill(what); },
      [this](stop_supervisor) { return stop(); },
      [this](const child_spec& spec) { return add(spec); },
      [this](const add_instance& what) { return add_one(what); },
  };
}

void supervisor::handle_exit(const caf::exit_msg& message) {
  if (linked_.count(message.source) > 0)
    return;
  core_.shut_down(now());
  run();
}

template <class T>
supervisor::promise<T>
supervisor::submit(std::function<void(ticket)> command,
                   std::function<T(const effect::reply&)> value) {
  auto answer = self_->make_response_promise<T>();
  const auto by = next_ticket_++;
  answers_[by] =
      [answer, value = std::move(value)](const effect::reply& reply) mutable {
        if (reply.value)
          answer.deliver(value(reply));
        else
          answer.deliver(to_caf(reply.value.error()));
      };
  command(by);
  run();
  return answer;
}

supervisor::promise<child_started> supervisor::add(const child_spec& spec) {
  return submit<child_started>(
      [&](ticket by) {
        staged_[by] = {spec.start, spec.kind, nullptr, 0};
        core_.add(by, policy_of(spec), now());
      },
      [this](const effect::reply& it) { return started_view(it); });
}

supervisor::promise<child_started>
supervisor::add_one(const add_instance& what) {
  return submit<child_started>(
      [&](ticket by) {
        if (core_.simple()) {
          const auto& base = options_.children.front();
          staged_[by] = {what.start, base.kind, nullptr, 0};
        }
        core_.add_instance(by, now());
      },
      [this](const effect::reply& it) { return started_view(it); });
}

supervisor::promise<bool>
supervisor::terminate(const terminate_instance& what) {
  const auto found =
      instances_.find(caf::actor_cast<caf::actor_addr>(what.actor));
  if (core_.simple() && found == instances_.end()) {
    auto answer = self_->make_response_promise<bool>();
    answer.deliver(false);
    return answer;
  }
  const auto key = core_.simple() ? found->second : 0;
  return submit<bool>(
      [&](ticket by) { core_.terminate_instance(by, key, now()); },
      [](const effect::reply& reply) { return *reply.value; });
}

supervisor::promise<std::uint64_t> supervisor::ready() {
  auto answer = self_->make_response_promise<std::uint64_t>();
  if (is_ready_)
    answer.deliver(std::uint64_t{core_.size()});
  else if (awaiting_ready_.size() == waiting_max)
    answer.deliver(to_caf({errc::exhausted, too_many_wait(options_.path)}));
  else
    awaiting_ready_.push_back(answer);
  return answer;
}

supervisor::promise<supervisor_stopped> supervisor::stop() {
  auto answer = self_->make_response_promise<supervisor_stopped>();
  if (awaiting_stop_.size() == waiting_max)
    answer.deliver(to_caf({errc::exhausted, too_many_wait(options_.path)}));
  else
    awaiting_stop_.push_back(answer);
  core_.shut_down(now());
  run();
  return answer;
}

supervisor::promise<std::string> supervisor::kill(const kill_child& what) {
  auto answer = self_->make_response_promise<std::string>();
  const auto slash = what.path.find('/');
  const auto id = what.path.substr(0, slash);
  const auto key = core_.find(id);
  const auto path = options_.path + "/" + id;
  if (!key) {
    answer.deliver(to_caf({errc::not_found, core_.unknown_child(id)}));
    return answer;
  }
  const auto& child = live_->at(*key);
  if (!child.actor) {
    const auto state = core_.view(*key, now())->state;
    answer.deliver(
        to_caf({errc::unavailable, path + " does not run: it is "
                                       + std::string{to_string(state)}}));
  } else if (slash != std::string::npos) {
    forward_kill(what, what.path.substr(slash + 1), child, answer);
  } else if (child.kind == child_kind::node) {
    forward_kill(what, {}, child, answer);
  } else {
    send_exit_first(child.actor, address(), kill_because(what.reason));
    answer.deliver(path);
  }
  return answer;
}

void supervisor::forward_kill(const kill_child& what, std::string rest,
                              const live_child& to,
                              promise<std::string> answer) {
  if (to.kind == child_kind::worker) {
    answer.deliver(
        to_caf({errc::not_found, options_.path + "/"
                                     + what.path.substr(0, what.path.find('/'))
                                     + " is a worker and has no children"}));
    return;
  }
  const auto deadline = std::chrono::milliseconds{
      std::clamp<std::uint64_t>(what.deadline_ms, 1, 60'000)};
  kill_child below{
      std::move(rest), what.reason,
      next_deadline_ms(static_cast<std::uint64_t>(deadline.count()))};
  request(self_, caf::actor_cast<supervisor_actor>(to.actor), deadline, below)
      .then([answer](
                std::string& path) mutable { answer.deliver(std::move(path)); },
            [answer](caf::error& error) mutable {
              answer.deliver(std::move(error));
            });
}

supervisor::promise<tree_node> supervisor::tree(const tree_request& what) {
  auto answer = self_->make_response_promise<tree_node>();
  tree_node root{.name = options_.path,
                 .kind = child_kind::supervisor,
                 .state =
                     is_ready_ ? child_state::running : child_state::starting,
                 .last_reason = {},
                 .children = {}};
  const auto children = list(what.children_max);
  root.omitted = core_.size() - children.size();
  collect_tree(self_, std::move(root), children, what, answer);
  return answer;
}

std::vector<child_info> supervisor::list(std::size_t limit) const {
  std::vector<child_info> result;
  for (auto& view : core_.views(limit, now())) {
    const auto& live = live_->at(view.key);
    result.push_back({.id = std::move(view.id),
                      .kind = live.kind,
                      .state = view.state,
                      .restarts = view.restarts,
                      .uptime_ms = static_cast<std::uint64_t>(
                          view.uptime / std::chrono::milliseconds{1}),
                      .last_reason = std::move(view.last_reason),
                      .actor = live.actor});
  }
  return result;
}

child_started supervisor::started_view(const effect::reply& reply) const {
  const auto child = core_.view(reply.child, now());
  if (!child)
    return {options_.path, nullptr};
  return {options_.path + "/" + child->id, live_->at(reply.child).actor};
}

caf::strong_actor_ptr supervisor::address() const {
  return caf::actor_cast<caf::strong_actor_ptr>(self_);
}

} // namespace weft::supervision

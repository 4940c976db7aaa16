#include "runtime/launcher/launch_core.hpp"

#include "runtime/base/assert.hpp"
#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

namespace weft::launcher {

namespace {

std::string in_seconds(duration value) {
  return fmt::format("{:.2f} s", std::chrono::duration<double>(value).count());
}

} // namespace

std::string_view to_string(node_state state) noexcept {
  switch (state) {
  case node_state::idle:
    return "idle";
  case node_state::starting:
    return "starting";
  case node_state::ready:
    return "ready";
  case node_state::stopping:
    return "stopping";
  case node_state::exited:
    return "exited";
  case node_state::failed:
    return "failed";
  }
  return "unknown";
}

std::string_view to_string(cluster_phase phase) noexcept {
  switch (phase) {
  case cluster_phase::idle:
    return "idle";
  case cluster_phase::starting:
    return "starting";
  case cluster_phase::running:
    return "running";
  case cluster_phase::stopping:
    return "stopping";
  case cluster_phase::finished:
    return "finished";
  }
  return "unknown";
}

launch_core::launch_core(std::string cluster, std::vector<std::string> nodes,
                         launch_limits limits)
    : cluster_(std::move(cluster)), limits_(limits) {
  WEFT_ASSERT(!nodes.empty());
  WEFT_ASSERT(limits_.starting_max > 0);
  for (auto& name : nodes) {
    WEFT_ASSERT(find(name) == nullptr);
    nodes_.emplace_back().name = std::move(name);
  }
}

void launch_core::start(time_point now) {
  WEFT_ASSERT(phase_ == cluster_phase::idle);
  phase_ = cluster_phase::starting;
  began_ = now;
  for (auto& node : nodes_)
    node.waiting = true;
  admit(now);
}

void launch_core::spawned(std::string_view name, pid_t pid, time_point now) {
  auto* node = find(name);
  WEFT_ASSERT(node != nullptr && node->spawning && pid > 0);
  node->spawning = false;
  node->pid = pid;
  if (kill_all_) {
    kill(*node, now);
  } else if (node->state == node_state::stopping) {
    terminate(*node, now);
  } else if (phase_ != cluster_phase::stopping) {
    node->deadline = now + limits_.ready_timeout;
  }
}

void launch_core::spawn_failed(std::string_view name, std::string reason,
                               time_point now) {
  auto* node = find(name);
  WEFT_ASSERT(node != nullptr && node->spawning);
  node->spawning = false;
  node->last = last_exit{0, {}, "could not be started: " + reason, now};
  node_lost(*node, now);
}

result<void> launch_core::ready(std::string_view name, ready_report report,
                                time_point now) {
  auto* node = find(name);
  if (node == nullptr)
    return fail(errc::not_found,
                fmt::format("no node {} in cluster {}", name, cluster_));
  if (node->pid == 0 || node->pid != report.pid)
    return fail(errc::invalid_argument,
                fmt::format("ready report of node {} from process {}, but its "
                            "process is {}",
                            name, report.pid, node->pid));
  if (node->state == node_state::ready)
    return {};
  if (node->state != node_state::starting)
    return fail(errc::cancelled,
                fmt::format("node {} is {}", name, to_string(node->state)));
  node->state = node_state::ready;
  node->ready = now;
  node->deadline.reset();
  node->report = std::move(report);
  const auto took = in_seconds(now - *node->started);
  if (node->restarts == 0)
    say(node, fmt::format("{} ready {}", node->name, took));
  else
    say(node, fmt::format("{} ready again {} (restart {})", node->name, took,
                          node->restarts));
  if (phase_ == cluster_phase::starting)
    all_ready(now);
  admit(now);
  return {};
}

void launch_core::exited(std::string_view name, pid_t pid, exit_status status,
                         time_point now) {
  auto* node = find(name);
  if (node == nullptr || pid == 0 || node->pid != pid)
    return;
  node->pid = 0;
  node->last = last_exit{pid, status, to_string(status), now};
  if (!node->why.empty())
    node->last->reason = fmt::format("{} ({})", node->why, to_string(status));
  node_ended(*node, now);
}

/// The process of `node` has ended: what follows from it.
void launch_core::node_ended(node_record& node, time_point now) {
  node.deadline.reset();
  if (std::exchange(node.start_again, false)) {
    node.state = node_state::exited;
    node.waiting = true;
    admit(now);
  } else if (phase_ == cluster_phase::stopping) {
    const bool asked = node.state == node_state::stopping;
    node.state = node_state::exited;
    say(&node, asked && !node.killed
                   ? fmt::format("{} stopped", node.name)
                   : fmt::format("{} ended: {}", node.name, node.last->reason));
    advance_stop(now);
  } else {
    node_lost(node, now);
  }
}

/// `node` has no process and nobody asked for that; `last` says why.
void launch_core::node_lost(node_record& node, time_point now) {
  const bool was_ready = node.state == node_state::ready;
  node.deadline.reset();
  node.state = was_ready ? node_state::exited : node_state::failed;
  const auto& last = *node.last;
  if (phase_ == cluster_phase::stopping) {
    say(&node, fmt::format("{} {}", node.name, last.reason));
    advance_stop(now);
  } else if (phase_ == cluster_phase::starting) {
    const auto* verb = last.pid == 0       ? ""
                       : !node.why.empty() ? ""
                       : was_ready         ? "ended before all were ready: "
                                           : "ended before it was ready: ";
    fail_cluster(
        &node, fmt::format("node {} {}{}", node.name, verb, last.reason), now);
  } else if (is_first(node)) {
    fail_cluster(&node,
                 fmt::format("node {}, which carries the cluster supervisor, "
                             "ended: {}",
                             node.name, last.reason),
                 now);
  } else {
    say(&node, fmt::format("{} {}{}; the cluster supervisor decides", node.name,
                           last.pid == 0 || !node.why.empty() ? "" : "ended: ",
                           last.reason));
    effects_.push_back(
        report_exit{node.name, last.pid, last.status, last.reason});
    admit(now);
  }
}

result<void> launch_core::restart(std::string_view name, restart_request what,
                                  time_point now) {
  auto* node = find(name);
  if (node == nullptr)
    return fail(errc::not_found,
                fmt::format("no node {} in cluster {}", name, cluster_));
  if (phase_ != cluster_phase::running)
    return fail(errc::unavailable,
                fmt::format("cluster {} is {}; nodes are restarted only "
                            "while it is running",
                            cluster_, to_string(phase_)));
  if (is_first(*node))
    return fail(errc::invalid_argument,
                fmt::format("node {} carries the cluster supervisor and "
                            "cannot be restarted alone",
                            name));
  if (what.delay < duration{0} || what.delay > limits_.restart_delay_max)
    return fail(errc::invalid_argument,
                fmt::format("delay of the restart of node {}: expected 0 to "
                            "{}, got {}",
                            name, format_duration(limits_.restart_delay_max),
                            format_duration(what.delay)));
  if (node->waiting || node->restart_at || node->start_again)
    return {};
  if (alive(*node)) {
    if (what.replaces == 0)
      return fail(errc::already_exists,
                  fmt::format("node {} runs as process {}; name it in "
                              "`replaces` to have it stopped first",
                              name, node->pid));
    if (what.replaces != node->pid)
      return {};
    say(node, fmt::format("{} is replaced: {}", node->name, what.reason));
    node->start_again = true;
    // It does not respond, so it would not hear SIGTERM either.
    if (!node->killed)
      kill(*node, now);
    return {};
  }
  say(node, fmt::format("{} restarts in {}{}{}", node->name,
                        format_duration(what.delay),
                        what.reason.empty() ? "" : ": ", what.reason));
  node->restart_at = now + what.delay;
  tick(now);
  return {};
}

void launch_core::give_up(std::string reason, time_point now) {
  fail_cluster(nullptr, "the cluster supervisor gave up: " + reason, now);
}

void launch_core::stop(time_point now) {
  begin_stop({}, now);
}

void launch_core::interrupt(time_point now) {
  if (phase_ != cluster_phase::stopping) {
    begin_stop({outcome_kind::interrupted}, now);
    return;
  }
  if (std::exchange(kill_all_, true))
    return;
  say(nullptr, fmt::format("cluster {}: killing what still runs", cluster_));
  for (auto& node : nodes_ | std::views::reverse)
    if (node.pid != 0 && !node.killed)
      kill(node, now);
}

void launch_core::tick(time_point now) {
  for (auto& node : nodes_) {
    if (node.restart_at && *node.restart_at <= now) {
      node.restart_at.reset();
      node.waiting = true;
    }
    if (node.deadline && *node.deadline <= now)
      deadline_passed(node, now);
  }
  admit(now);
}

void launch_core::deadline_passed(node_record& node, time_point now) {
  node.deadline.reset();
  if (node.state == node_state::starting) {
    node.why = fmt::format("was not ready within {}",
                           format_duration(limits_.ready_timeout));
    if (phase_ == cluster_phase::starting)
      fail_cluster(&node,
                   fmt::format("node {} {}; raise launcher.ready_timeout, or "
                               "see its log for what it waits for",
                               node.name, node.why),
                   now, errc::timed_out);
    else
      terminate(node, now);
  } else if (!node.killed) {
    say(&node, fmt::format("{} did not stop within {}, killing it", node.name,
                           format_duration(stop_timeout(node))));
    kill(node, now);
  } else {
    const auto lost =
        fmt::format("process {} of node {} does not end after "
                    "SIGKILL within {}",
                    node.pid, node.name, format_duration(limits_.kill_timeout));
    node.last = last_exit{node.pid, {0, 9}, lost, now};
    node.pid = 0;
    node.start_again = false;
    node.state = node_state::failed;
    outcome_ = {outcome_kind::failed, lost, node.name};
    if (phase_ == cluster_phase::stopping)
      advance_stop(now);
    else
      fail_cluster(&node, lost, now);
  }
}

std::optional<time_point> launch_core::next_deadline() const {
  std::optional<time_point> next;
  for (const auto& node : nodes_)
    for (const auto& at : {node.deadline, node.restart_at})
      if (at && (!next || *at < *next))
        next = at;
  return next;
}

std::vector<effect> launch_core::take_effects() {
  return std::exchange(effects_, {});
}

std::vector<node_view> launch_core::nodes() const {
  return {nodes_.begin(), nodes_.end()};
}

launch_core::node_record* launch_core::find(std::string_view name) {
  const auto found = std::ranges::find(nodes_, name, &node_view::name);
  return found == nodes_.end() ? nullptr : &*found;
}

bool launch_core::is_first(const node_record& node) const {
  return &node == &nodes_.front();
}

bool launch_core::alive(const node_record& node) const {
  return node.pid != 0 || node.spawning;
}

/// Spawns what waits, in file order, as far as there is room.
void launch_core::admit(time_point now) {
  if (phase_ != cluster_phase::starting && phase_ != cluster_phase::running)
    return;
  auto starting = static_cast<std::size_t>(
      std::ranges::count(nodes_, node_state::starting, &node_view::state));
  for (auto& node : nodes_) {
    if (starting >= limits_.starting_max)
      return;
    if (!node.waiting)
      continue;
    spawn(node, now);
    ++starting;
  }
}

void launch_core::spawn(node_record& node, time_point now) {
  WEFT_ASSERT(!alive(node));
  node.waiting = false;
  node.spawning = true;
  node.killed = false;
  node.why.clear();
  node.state = node_state::starting;
  node.restarts = node.spawns++;
  node.started = now;
  node.ready.reset();
  node.report = {};
  effects_.push_back(spawn_node{node.name});
}

/// Ends the starting phase if every node is ready.
void launch_core::all_ready(time_point now) {
  if (std::ranges::any_of(nodes_, [](const auto& node) {
        return node.state != node_state::ready;
      }))
    return;
  phase_ = cluster_phase::running;
  say(nullptr,
      fmt::format("cluster {}: {} node{} ready in {}", cluster_, nodes_.size(),
                  nodes_.size() == 1 ? "" : "s", in_seconds(now - began_)));
}

duration launch_core::stop_timeout(const node_record& node) const {
  return node.ready
             ? limits_.stop_timeout
             : std::min(limits_.stop_timeout, limits_.unready_stop_timeout);
}

void launch_core::terminate(node_record& node, time_point now) {
  node.state = node_state::stopping;
  if (node.pid == 0)
    return;
  node.deadline = now + stop_timeout(node);
  effects_.push_back(signal_node{node.name, node.pid, false});
}

void launch_core::kill(node_record& node, time_point now) {
  node.state = node_state::stopping;
  node.killed = true;
  node.deadline = now + limits_.kill_timeout;
  effects_.push_back(signal_node{node.name, node.pid, true});
}

void launch_core::fail_cluster(const node_record* node, std::string reason,
                               time_point now, errc code) {
  if (phase_ == cluster_phase::stopping || phase_ == cluster_phase::finished)
    return;
  say(node, reason);
  begin_stop({outcome_kind::failed, std::move(reason),
              node == nullptr ? std::string{} : node->name, code},
             now);
}

void launch_core::begin_stop(outcome why, time_point now) {
  if (phase_ == cluster_phase::stopping || phase_ == cluster_phase::finished)
    return;
  phase_ = cluster_phase::stopping;
  stop_began_ = now;
  outcome_ = std::move(why);
  for (auto& node : nodes_) {
    node.waiting = false;
    node.start_again = false;
    node.restart_at.reset();
    // Nobody relies on it yet.
    if (node.state == node_state::starting)
      terminate(node, now);
  }
  advance_stop(now);
}

/// Stops the last node that has a process, or ends all when none has.
void launch_core::advance_stop(time_point now) {
  for (auto& node : nodes_ | std::views::reverse) {
    if (!alive(node))
      continue;
    if (node.state != node_state::stopping)
      terminate(node, now);
    return;
  }
  if (std::exchange(phase_, cluster_phase::finished) == cluster_phase::finished)
    return;
  say(nullptr, fmt::format("cluster {}: stopped in {}", cluster_,
                           in_seconds(now - stop_began_)));
  effects_.push_back(finished{outcome_});
}

void launch_core::say(const node_record* node, std::string text) {
  effects_.push_back(
      progress{node == nullptr ? std::string{} : node->name, std::move(text)});
}

} // namespace weft::launcher

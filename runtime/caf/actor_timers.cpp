#include "runtime/caf/actor_timers.hpp"

#include "runtime/base/assert.hpp"
#include "runtime/base/mix.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/detail/set_thread_name.hpp>
#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <utility>

namespace weft {

std::size_t actor_timers::key_hash::operator()(const key& of) const noexcept {
  return mixed(of.actor * golden_step + of.number)
         + static_cast<std::size_t>(of.what);
}

actor_timers::~actor_timers() {
  stop();
}

void actor_timers::start() {
  thread_ = std::thread{[this] {
    caf::detail::set_thread_name("weft.timers");
    run();
  }};
}

void actor_timers::stop() {
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  earlier_.notify_all();
  if (thread_.joinable())
    thread_.join();
  cancel_all();
}

std::size_t actor_timers::size() const {
  std::lock_guard guard{mutex_};
  return entries_.size();
}

void actor_timers::set_ordinary_timeout(time_point when,
                                        caf::abstract_actor* self,
                                        caf::atom_value type,
                                        std::uint64_t id) {
  const key name{self->id(), kind::ordinary, static_cast<std::uint64_t>(type)};
  cancel(name);
  add(when, name, {self->ctrl(), own_timeout{type, id}});
}

void actor_timers::set_multi_timeout(time_point when, caf::abstract_actor* self,
                                     caf::atom_value type, std::uint64_t id) {
  add(when, {self->id(), kind::unnamed, 0},
      {self->ctrl(), own_timeout{type, id}});
}

void actor_timers::set_request_timeout(time_point when,
                                       caf::abstract_actor* self,
                                       caf::message_id id) {
  add(when, {self->id(), kind::request, id.integer_value()},
      {self->ctrl(), request_timeout{id}});
}

void actor_timers::cancel_ordinary_timeout(caf::abstract_actor* self,
                                           caf::atom_value type) {
  cancel({self->id(), kind::ordinary, static_cast<std::uint64_t>(type)});
}

void actor_timers::cancel_request_timeout(caf::abstract_actor* self,
                                          caf::message_id id) {
  cancel({self->id(), kind::request, id.integer_value()});
}

void actor_timers::cancel_timeouts(caf::abstract_actor* self) {
  std::vector<event> dropped;
  std::lock_guard guard{mutex_};
  for (auto found = newest_.find(self->id()); found != newest_.end();
       found = newest_.find(self->id()))
    dropped.push_back(take_out(found->second));
}

void actor_timers::schedule_message(time_point when,
                                    caf::strong_actor_ptr receiver,
                                    caf::mailbox_element_ptr content) {
  add(when, {}, {std::move(receiver), actor_message{std::move(content)}});
}

void actor_timers::schedule_message(time_point when, caf::group target,
                                    caf::strong_actor_ptr sender,
                                    caf::message content) {
  add(when, {},
      {std::move(sender),
       group_message{std::move(target), std::move(content)}});
}

void actor_timers::cancel_all() {
  std::vector<event> dropped;
  std::lock_guard guard{mutex_};
  while (!entries_.empty())
    dropped.push_back(take_out(&entries_.begin()->second));
}

void actor_timers::add(time_point when, key name, event what) {
  bool first = false;
  {
    std::lock_guard guard{mutex_};
    if (stopping_)
      return;
    const turn comes{when, ++numbers_};
    if (name.what == kind::unnamed)
      name.number = comes.number;
    const auto [place, is_new] = entries_.try_emplace(name);
    WEFT_ASSERT(is_new);
    auto& fresh = place->second;
    fresh.name = name;
    fresh.comes = comes;
    fresh.what = std::move(what);
    fresh.timer =
        wheel_.add(when, {0, reinterpret_cast<std::uintptr_t>(&fresh)});
    link(fresh);
    first = !looks_at_ || when < *looks_at_;
    if (first)
      looks_at_ = when;
  }
  if (first)
    earlier_.notify_one();
}

void actor_timers::cancel(const key& name) {
  event dropped;
  std::lock_guard guard{mutex_};
  if (const auto found = entries_.find(name); found != entries_.end())
    dropped = take_out(&found->second);
}

actor_timers::event actor_timers::take_out(entry* which) {
  wheel_.cancel(which->timer);
  return remove(*which);
}

actor_timers::event actor_timers::remove(entry& which) {
  unlink(which);
  auto what = std::move(which.what);
  entries_.erase(key{which.name});
  return what;
}

void actor_timers::link(entry& fresh) {
  if (fresh.name.actor == caf::invalid_actor_id)
    return;
  auto& newest = newest_[fresh.name.actor];
  fresh.next = std::exchange(newest, &fresh);
  if (fresh.next)
    fresh.next->previous = &fresh;
}

void actor_timers::unlink(entry& gone) {
  if (gone.name.actor == caf::invalid_actor_id)
    return;
  if (gone.next)
    gone.next->previous = gone.previous;
  if (gone.previous)
    gone.previous->next = gone.next;
  else if (gone.next)
    newest_[gone.name.actor] = gone.next;
  else
    newest_.erase(gone.name.actor);
}

void actor_timers::run() {
  std::vector<std::pair<turn, event>> due;
  std::unique_lock guard{mutex_};
  while (!stopping_) {
    collect_due(now(), due);
    if (!due.empty()) {
      guard.unlock();
      for (auto& [comes, what] : due)
        deliver(what);
      due.clear();
      guard.lock();
      continue;
    }
    looks_at_ = wheel_.next_deadline();
    if (looks_at_)
      earlier_.wait_until(guard, time_point{*looks_at_});
    else
      earlier_.wait(guard);
  }
}

/// The wheel knows no order within one of its slots.
void actor_timers::collect_due(time_point until,
                               std::vector<std::pair<turn, event>>& due) {
  while (const auto next = wheel_.next_due(until)) {
    auto& which = *reinterpret_cast<entry*>(next->id);
    const auto comes = which.comes;
    due.emplace_back(comes, remove(which));
  }
  std::sort(due.begin(), due.end(), [](const auto& one, const auto& other) {
    return one.first < other.first;
  });
}

void actor_timers::deliver(event& due) {
  const auto& to = due.actor;
  if (const auto* own = std::get_if<own_timeout>(&due.what)) {
    to->get()->eq_impl(caf::make_message_id(), to, nullptr,
                       caf::timeout_msg{own->type, own->id});
  } else if (const auto* request = std::get_if<request_timeout>(&due.what)) {
    to->get()->eq_impl(request->id, to, nullptr, caf::sec::request_timeout);
  } else if (auto* message = std::get_if<actor_message>(&due.what)) {
    to->enqueue(std::move(message->content), nullptr);
  } else if (auto* publish = std::get_if<group_message>(&due.what)) {
    publish->target->eq_impl(caf::make_message_id(), to, nullptr,
                             std::move(publish->content));
  }
}

} // namespace weft

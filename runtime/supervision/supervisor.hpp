#pragma once

#include "runtime/caf/compat.hpp"
#include "runtime/supervision/restart_policy_core.hpp"
#include "runtime/supervision/supervisor_actor.hpp"

#include <caf/all.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace weft::supervision {

/// What the shell knows of a child beside the core.
struct live_child {
  start_function start;
  child_kind kind = child_kind::worker;
  caf::strong_actor_ptr actor;
  generation which = 0;
};

using live_children = std::unordered_map<child_key, live_child>;

/// The inside of a supervisor actor: turns messages into events of the core
/// and carries out the core's effects. Lives in the actor's state and is used
/// in the actor's context only.
class supervisor : public std::enable_shared_from_this<supervisor> {
public:
  /// The options have passed `check`.
  supervisor(caf::event_based_actor* self, supervisor_options options);

  /// Prepares the actor and returns its behaviour. The children are started
  /// by a message to itself, so that a request that waits in its mailbox
  /// learns how that went.
  caf::behavior begin();

  /// From within a start function: the actor that is about to be the child,
  /// so that it ends with this supervisor before its start is reported.
  void announce(caf::strong_actor_ptr actor);

private:
  template <class T>
  using promise = caf::typed_response_promise<T>;
  using answer = std::function<void(const effect::reply&)>;
  using handlers = local_supervisor_actor::behavior_type;

  handlers message_handlers();
  void start_children();
  void handle_exit(const caf::exit_msg& message);
  template <class T>
  promise<T> submit(std::function<void(ticket)> command,
                    std::function<T(const effect::reply&)> value);
  promise<child_started> add(const child_spec& spec);
  promise<child_started> add_one(const add_instance& what);
  promise<bool> terminate(const terminate_instance& what);
  promise<std::uint64_t> ready();
  promise<supervisor_stopped> stop();
  promise<std::string> kill(const kill_child& what);
  void forward_kill(const kill_child& what, std::string rest,
                    const live_child& to, promise<std::string> answer);
  promise<tree_node> tree(const tree_request& what);
  std::vector<child_info> list(std::size_t limit) const;
  child_started started_view(const effect::reply& reply) const;

  void start_reported(child_key child, generation which,
                      result<caf::strong_actor_ptr> outcome);
  void take_in(child_key child, generation which,
               const caf::strong_actor_ptr& actor);
  void child_ended(child_key child, generation which,
                   const caf::actor_addr& address, const caf::error& reason);

  /// Carries out what the core wants, then sets the timer.
  void run();
  void arm();
  void carry_out(effect::adopt& what);
  void carry_out(effect::start& what);
  void carry_out(effect::stop& what);
  void carry_out(effect::abandon& what);
  void carry_out(effect::drop& what);
  void carry_out(effect::reply& what);
  void carry_out(effect::ready& what);
  void carry_out(effect::report& what);
  void carry_out(effect::finish& what);

  time_point now() const { return self_->clock().now(); }
  caf::strong_actor_ptr address() const;

  caf::event_based_actor* self_;
  supervisor_options options_;
  restart_policy_core core_;
  monitors monitors_;
  /// Shared with the actor's last act, which ends what is left.
  std::shared_ptr<live_children> live_ = std::make_shared<live_children>();
  /// Only with simple_one_for_one, whose children are found by actor.
  std::map<caf::actor_addr, child_key> instances_;
  /// Remote children, whose links tell them of a lost supervisor.
  std::set<caf::actor_addr> linked_;
  std::unordered_map<ticket, answer> answers_;
  std::unordered_map<ticket, live_child> staged_;
  ticket next_ticket_ = 1;
  std::vector<promise<std::uint64_t>> awaiting_ready_;
  std::vector<promise<supervisor_stopped>> awaiting_stop_;
  std::vector<std::string> abandoned_;
  /// The child whose start function runs; 0: none.
  child_key starting_ = 0;
  bool begun_ = false;
  bool is_ready_ = false;
  bool finished_ = false;
  bool in_run_ = false;
  std::optional<time_point> armed_;
  std::uint64_t armed_number_ = 0;
};

} // namespace weft::supervision

#include "actors/cluster/node_watch_actor.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/supervision/exits.hpp"
#include "runtime/supervision/messages.hpp"

#include <fmt/core.h>

#include <map>
#include <optional>
#include <vector>

namespace weft::actors {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t waiting_max = 16;
constexpr auto subscribe_timeout = 10s;

struct watched_node {
  caf::actor stand_in;
  /// Of the process that the stand-in is for, or the last one.
  std::uint64_t session = 0;
  /// Why its stand-in was killed while the node is up.
  std::optional<std::string> killed;
  std::vector<caf::response_promise> waiting;
};

struct watch_state {
  watch_state() = default;
  watch_state(const watch_state&) = delete;
  watch_state& operator=(const watch_state&) = delete;

  /// CAF destroys the state when the actor ends: so do its stand-ins.
  ~watch_state() {
    for (auto& [node, watched] : nodes)
      if (watched.stand_in)
        caf::anon_send_exit(watched.stand_in, caf::exit_reason::user_shutdown);
  }

  static inline const char* name = "weft.node_watch";
  node_watch_options options;
  std::map<std::string, watched_node> nodes;
  monitors watched;
};

using watch_pointer = node_watch_actor::stateful_pointer<watch_state>;

/// What an operator's kill of a node, or of something below it, comes to.
result<void> check_kill(const node_watch_options& options,
                        const std::string& node, const std::string& below) {
  if (!below.empty())
    return fail(errc::not_found, fmt::format("node {0} has a tree of its own, "
                                             "and {0}/{1} is looked for there",
                                             node, below));
  if (!options.restarts)
    return fail(errc::unsupported,
                fmt::format("node {} was not started by a launcher, which "
                            "would start it again: restart its process where "
                            "it runs",
                            node));
  return {};
}

/// Ends when it is told to, and answers for its place in the tree.
caf::behavior stand_in_for_node(caf::event_based_actor* self,
                                const node_watch_options& options,
                                const std::string& node) {
  return {
      [node](const supervision::tree_request&) {
        supervision::tree_node leaf;
        leaf.name = node;
        leaf.kind = supervision::child_kind::node;
        leaf.state = supervision::child_state::running;
        return leaf;
      },
      [self, options,
       node](const supervision::kill_child& what) -> caf::result<std::string> {
        if (auto checked = check_kill(options, node, what.path); !checked)
          return to_caf(checked.error());
        self->quit(supervision::kill_because(what.reason));
        return fmt::format("{}/{}", options.path, node);
      },
  };
}

void stand_in_ended(watch_pointer self, const std::string& name,
                    const caf::error& why);

/// The stand-in of a node that is up.
void give_stand_in(watch_pointer self, const std::string& name) {
  auto& mine = state(self);
  auto& node = mine.nodes[name];
  node.stand_in = self->system().spawn(stand_in_for_node, mine.options, name);
  node.killed.reset();
  mine.watched.watch(self, node.stand_in, [self, name](const caf::error& why) {
    stand_in_ended(self, name, why);
  });
}

/// It was ended by others, and the node is up.
void stand_in_ended(watch_pointer self, const std::string& name,
                    const caf::error& why) {
  auto& node = state(self).nodes[name];
  node.stand_in = nullptr;
  if (supervision::classify(why) == supervision::end_kind::abnormal)
    node.killed = describe_exit(why);
  else
    give_stand_in(self, name);
}

void node_came_up(watch_pointer self, const member_event& event) {
  auto& node = state(self).nodes[event.name];
  if (event.session <= node.session)
    return; // the process that is known to have ended
  node.session = event.session;
  give_stand_in(self, event.name);
  const auto handle = caf::actor_cast<caf::strong_actor_ptr>(node.stand_in);
  auto waiting = std::move(node.waiting);
  node.waiting.clear();
  for (auto& each : waiting)
    each.deliver(handle);
  if (state(self).options.on_up)
    state(self).options.on_up(event.name);
}

void end_stand_in(watch_pointer self, const std::string& name,
                  const caf::error& reason) {
  auto& node = state(self).nodes[name];
  node.killed.reset();
  if (!node.stand_in)
    return;
  state(self).watched.forget(self, node.stand_in);
  self->send_exit(node.stand_in, reason);
  node.stand_in = nullptr;
}

void member_changed(watch_pointer self, const member_event& event) {
  if (event.name == state(self).options.self)
    return;
  switch (event.state) {
  case member_state::up:
  case member_state::back:
    return node_came_up(self, event);
  case member_state::down:
    return end_stand_in(self, event.name,
                        to_caf({errc::unavailable, event.reason}));
  case member_state::left:
    return end_stand_in(self, event.name, caf::exit_reason::user_shutdown);
  case member_state::absent:
  case member_state::suspect:
    return;
  }
}

caf::result<caf::strong_actor_ptr> find_node(watch_pointer self,
                                             const await_node& what) {
  auto& node = state(self).nodes[what.name];
  if (node.stand_in)
    return caf::actor_cast<caf::strong_actor_ptr>(node.stand_in);
  if (!what.wait && node.killed)
    return to_caf({errc::already_exists, *node.killed});
  if (!what.wait)
    return to_caf(
        {errc::unavailable, fmt::format("node {} is not up", what.name)});
  std::erase_if(node.waiting, [](auto& each) { return !each.pending(); });
  if (node.waiting.size() >= waiting_max)
    return to_caf({errc::exhausted, "too many wait for this node"});
  node.waiting.push_back(self->make_response_promise());
  return caf::delegated<caf::strong_actor_ptr>{};
}

void subscribe(watch_pointer self, const membership_actor& membership) {
  watch_members wanted{caf::actor_cast<caf::strong_actor_ptr>(self)};
  request(self, membership, subscribe_timeout, std::move(wanted))
      .then([](std::uint64_t) {},
            [self](caf::error& why) { self->quit(std::move(why)); });
  state(self).watched.watch(self, membership, [self](const caf::error& why) {
    self->quit(why ? why : caf::error{caf::exit_reason::user_shutdown});
  });
}

node_watch_actor::behavior_type watch(watch_pointer self,
                                      node_watch_options options,
                                      const membership_actor& membership) {
  state(self).options = std::move(options);
  subscribe(self, membership);
  return {
      [self](const await_node& what) { return find_node(self, what); },
      [self](const node_exited& what) {
        end_stand_in(self, what.name, to_caf({errc::unavailable, what.reason}));
      },
      [self](const member_event& event) { member_changed(self, event); },
  };
}

} // namespace

node_watch_actor spawn_node_watch(caf::actor_system& system,
                                  node_watch_options options,
                                  const membership_actor& membership) {
  return system.spawn(watch, std::move(options), membership);
}

} // namespace weft::actors

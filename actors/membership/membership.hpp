#pragma once

#include "actors/membership/membership_actor.hpp"
#include "actors/membership/membership_effects.hpp"
#include "actors/membership/node_entry_actor.hpp"
#include "actors/membership/peer_directory.hpp"
#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace weft::actors {

struct membership_options {
  membership_settings settings;
  /// What is shown as each node's address, by name.
  std::map<std::string, std::string> addresses;
  std::size_t watchers_max = 1'000;
  /// Hellos whose sender's name is being verified.
  std::size_t hellos_max = 256;
  /// Commands that run at a time, and how long each may take.
  std::size_t commands_max = 256;
  std::chrono::nanoseconds command_timeout = std::chrono::seconds{10};
  std::size_t command_answer_bytes_max = 16 << 20;
  /// How long a leaving node waits for its goodbye to be heard.
  std::chrono::nanoseconds goodbye_timeout = std::chrono::seconds{1};
};

/// A node that a dial has reached.
struct dialed {
  caf::node_id node;
  /// Its `node_entry_actor`.
  caf::strong_actor_ptr entry;
};

/// What membership needs of the rest of its node. All are called in the
/// membership actor's context, must return at once and must not throw; the
/// callbacks may be called from any thread, once.
struct membership_seams {
  /// Connects to a node by name and finds its entry actor; the carrier has
  /// verified that it is that node.
  std::function<void(std::string name, std::function<void(result<dialed>)>)>
      dial;
  /// The name that the carrier has verified for a peer. Empty where names
  /// cannot be verified: then what a peer calls itself is believed.
  std::function<void(caf::node_id, std::function<void(result<std::string>)>)>
      name_of;
  /// Runs a command on this node; the answer is JSON text.
  std::function<void(node_command, std::function<void(result<std::string>)>)>
      run_command;
  /// This process is a leftover of a node that has a newer incarnation: it is
  /// to end. Called at most once.
  std::function<void(std::string reason)> fenced;
  /// What is worth a line in the node's log, at a bounded rate; may be empty.
  std::function<void(const membership_report&)> report;
  /// The present registry of this node (empty on all nodes but the first) and
  /// its present factory; asked at each hello, since both may be restarted.
  std::function<registry_actor()> registry;
  std::function<factory_actor()> factory;
  /// The time since 1970; empty: the system clock.
  std::function<std::chrono::nanoseconds()> wall_clock;
};

/// The two faces of one actor.
struct membership_handles {
  membership_actor members;
  /// To be published as what peers reach first.
  node_entry_actor entry;
};

/// Starts the membership of a node; it dials at once. `directory` gets this
/// node with its own registry and factory before this returns. Fails with
/// `invalid_argument` when the settings do not fit together; nothing is started
/// then.
result<membership_handles>
spawn_membership(caf::actor_system& system, membership_options options,
                 membership_seams seams,
                 std::shared_ptr<peer_directory> directory);

} // namespace weft::actors

#pragma once

#include "transport/byte_stream.hpp"
#include "transport/guarded_stream.hpp"
#include "transport/open_connections.hpp"

#include <caf/io/scribe.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace caf {
class actor_system;
}

namespace weft::transport {

/// An established connection for CAF's network layer.
struct scribe_options {
  /// Connected and non-blocking; the scribe owns it from here on.
  int socket = -1;
  /// Over that socket, past its handshake.
  byte_stream stream;
  /// What CAF's broker gives as the peer's address: the name that its
  /// certificate proves.
  std::string peer_name;
  std::shared_ptr<open_connections> connections;
  /// How the connection came about.
  role mine = role::dialing;
  /// The cluster whose nodes these are.
  std::string cluster;
  /// Runs in the multiplexer's thread, also after the carrier has stopped.
  guard_callback report;
};

/// The system's own node ID as peers see it.
node_bytes own_node(caf::actor_system& system);

struct made_scribe {
  caf::io::scribe_ptr scribe;
  /// In `scribe_options::connections`.
  std::uint64_t token = 0;
};

/// CAF's end of a connection: carries the bytes of its actor-to-actor protocol
/// over the stream in the default multiplexer's thread. Any thread may make
/// it; the broker that gets it owns it.
made_scribe make_scribe(caf::actor_system& system, scribe_options options);

} // namespace weft::transport

#pragma once

#include "actors/hop.hpp"
#include "actors/registry/registry_actor.hpp"
#include "actors/space/answer_port.hpp"
#include "runtime/caf/compat.hpp"

#include <cstdint>
#include <string>

namespace weft::actors {

/// Begins a session with a shard, or goes on with it.
struct open_session {
  /// Chosen by the client; another one each time that it gave the last up.
  std::uint64_t session = 0;
  /// Calls were sent in it: a shard that does not know it does not begin it.
  bool resumes = false;
  /// A `space_client_actor`: where the replies go.
  caf::strong_actor_ptr client;

  friend bool operator==(const open_session&, const open_session&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, open_session& x) {
  return fields(f, x, "weft::open_session", "session", x.session, "resumes",
                x.resumes, "client", x.client);
}

/// A part of a frame of a session, of at most `packet_bytes_max`; the parts of
/// one frame follow each other. See spaces/session_binary.hpp.
struct session_packet {
  std::uint64_t session = 0;
  /// Of the space.
  std::uint32_t shard = 0;
  std::uint32_t part = 0;
  /// 0: the shard does not know the session.
  std::uint32_t parts = 1;
  std::string bytes;

  friend bool operator==(const session_packet&,
                         const session_packet&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, session_packet& x) {
  return fields(f, x, "weft::session_packet", "session", x.session, "shard",
                x.shard, "part", x.part, "parts", x.parts, "bytes", x.bytes);
}

/// The same within one process, as it is.
struct local_call_frame {
  std::uint64_t session = 0;
  spaces::call_frame frame;
};

struct local_reply_frame {
  std::uint64_t session = 0;
  std::uint32_t shard = 0;
  spaces::reply_frame frame;
};

} // namespace weft::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weft::actors::local_call_frame)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weft::actors::local_reply_frame)

namespace weft::actors {

/// One shard of a tuple space: a `spaces::shard_core` with sessions. When it
/// ends, its tuples are gone.
using space_shard_actor = typed_actor<
    // Calls of users on the shard's own node; the answers go to their port.
    void(local_calls),
    // True when the session is known and goes on; false when it begins or,
    // if it was to be resumed, is lost. An older one of the same client ends.
    // `permission_denied` for a node that may not use the space.
    bool(open_session),
    // Calls of a session; the sender is told when it is not known.
    void(session_packet), void(local_call_frame), void(hop)>;

/// One node's way to the shards of a space, for calls that do not go to one
/// shard of the same node: a `spaces::client_core` with its sessions. Finds
/// the shards under their names in the registry.
using space_client_actor = typed_actor<void(local_calls), void(session_packet),
                                       void(local_reply_frame),
                                       // Shards that come and go; from
                                       // the registry alone.
                                       void(name_event), void(hop)>;

} // namespace weft::actors

#pragma once

#include "apps/bench/peer.hpp"

namespace weft::bench {

/// Redis, key "redis". Every run has a server of its own on a free port of
/// loopback, without persistence, which is killed with the run; this program
/// is the client. Needs redis-server in PATH and a weft with hiredis.
extern const peer_kind redis_kind;

} // namespace weft::bench

#pragma once

#include "apps/bench/peer.hpp"

namespace weft::bench {

/// Erlang/OTP, key "erlang". Every run has an epmd of its own on a free port
/// of loopback, and nothing of it is left behind: its processes end with the
/// run, its files are in the temporary folder. Needs escript, erl and epmd in
/// PATH.
extern const peer_kind erlang_kind;

} // namespace weft::bench

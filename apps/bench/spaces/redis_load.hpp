#pragma once

#include "apps/bench/experiment.hpp"

#include <string_view>

namespace weft::bench {

/// Whether this program was built with hiredis, the client that the next one
/// needs.
bool has_redis_client();

/// The experiments `nodes`, `pipelined_nodes` and `hand_off_nodes` with lists
/// of a Redis server on this port of loopback, in the same way and with the
/// same numbers: LPUSH in place of a write, RPOP of a take by key, RPUSH and
/// BLPOP for a hand-off. Every reply is checked. Fails with `invalid_argument`
/// for other experiments, with `io` when the server is lost, with `internal`
/// when a reply is wrong, `unsupported` without hiredis. Blocks.
run_numbers measure_redis(std::string_view experiment, const run_settings& how);

} // namespace weft::bench

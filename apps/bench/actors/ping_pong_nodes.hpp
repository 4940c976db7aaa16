#pragma once

#include "apps/bench/node_pair.hpp"
#include "runtime/base/result.hpp"

#include <cstdint>

namespace weft::bench {

/// The second process of `measure_ping_pong_nodes`: an actor that echoes. As
/// `serve`.
result<void> serve_echo(const certificates& proof, const ready_callback& ready);

/// Question: how long does a request to an actor in another process take?
/// Method: two nodes on this machine, joined as the nodes of a cluster are;
/// then `time_round_trips`.
/// Unit: us a round trip.
/// Fails as `connection::make` and `time_round_trips` do.
result<double> measure_ping_pong_nodes(const certificates& proof,
                                       std::uint16_t port, std::uint64_t count);

} // namespace weft::bench

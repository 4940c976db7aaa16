#pragma once

#include "runtime/base/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace weft::bench {

/// A folder with certificates of the cluster "bench" for its two nodes;
/// absent: plain TCP on loopback, as with `insecure: true`.
using certificates = std::optional<std::string>;

/// Makes the certificates, valid for an hour, in a folder that exists. Fails
/// with `io`.
result<void> make_bench_certificates(const std::string& folder);

/// The second process of `measure_ping_pong_nodes`: an actor that echoes, on
/// a free port of loopback that `ready` is told. Returns on SIGTERM or SIGINT,
/// and after ten minutes in any case. For a process without other threads.
/// Fails as `transport::carrier` does.
result<void> serve_echo(const certificates& proof,
                        const std::function<void(std::uint16_t port)>& ready);

/// Question: how long does a request to an actor in another process take?
/// Method: two nodes on this machine, joined by the transport's carrier as the
/// nodes of a cluster are; then `time_round_trips`.
/// Unit: us a round trip.
/// Fails as `transport::carrier` and `time_round_trips` do.
result<double> measure_ping_pong_nodes(const certificates& proof,
                                       std::uint16_t port, std::uint64_t count);

} // namespace weft::bench

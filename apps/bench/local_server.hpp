#pragma once

#include "apps/bench/children.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace weft::bench {

/// A server of a peer on a port of loopback, as long as this lives.
struct local_server {
  std::uint16_t port = 0;
  std::unique_ptr<child> process;
};

/// Starts a server on a free port and waits until it accepts connections;
/// `command(port)` is how it is started. Fails with `io`, and as
/// `children::wait`.
result<local_server> start_server(
    children& running, std::string name,
    const std::function<launcher::command(const std::string& port)>& command,
    std::chrono::nanoseconds limit);

} // namespace weft::bench

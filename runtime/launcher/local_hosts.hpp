#pragma once

#include "config/options.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft::launcher {

/// This machine's host name and the addresses of its network interfaces, as
/// text. Reads the system.
std::vector<std::string> local_hosts();

/// Whether a node that listens on `host` runs on the machine that `local`
/// describes: a loopback or wildcard address, "localhost", or one of `local`.
/// Names are compared without regard to case and are not resolved.
bool is_local_host(std::string_view host, std::span<const std::string> local);

/// The names of the nodes of this machine, in the order of the file.
std::vector<std::string> local_nodes(const config::cluster_options& cluster,
                                     std::span<const std::string> local);

} // namespace weft::launcher

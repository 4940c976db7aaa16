#pragma once

#include "config/options.hpp"
#include "runtime/base/result.hpp"

#include <span>
#include <string>
#include <vector>

namespace weft::launcher {

struct systemd_options {
  /// The weft program, absolute.
  std::string program;
  /// The cluster file, absolute.
  std::string file;
  /// "path=value" each, as with --set.
  std::vector<std::string> overrides;
  /// The user that the nodes run as; "" leaves that to systemd (root).
  std::string user;
};

/// A unit file: its name and its whole text.
struct systemd_unit {
  std::string name;
  std::string text;
};

/// One unit "weft-<cluster>-<node>.service" for each of `nodes`, in order,
/// and a "weft-<cluster>.target" last that wants them all. systemd takes the
/// launcher's place: it starts, restarts within the file's limits and stops
/// each node, and makes the run directory /run/weft-<cluster>. Pure. Fails
/// with `invalid_argument` on a path that is not absolute, on a line break in
/// any of the texts, on a node that `cluster` does not have, or when several
/// nodes have neither `security.tls` nor `security.insecure`: nobody would
/// make their certificates.
result<std::vector<systemd_unit>>
make_systemd_units(const config::cluster_options& cluster,
                   std::span<const std::string> nodes,
                   const systemd_options& options);

} // namespace weft::launcher

#pragma once

#include "runtime/launcher/launch_core.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <sys/types.h>
#include <vector>

namespace weft::launcher {

/// "2026-11-21T10:21:00.123Z".
std::string format_time(std::chrono::system_clock::time_point at);

/// Translates times of the steady clock into those of the calendar.
struct calendar {
  time_point steady_now{};
  std::chrono::system_clock::time_point system_now{};

  std::string format(time_point at) const;
};

/// What is the same in every status of a cluster.
struct launch_identity {
  std::string cluster;
  std::string file;
  std::string run_dir;
  pid_t launcher = 0;
  std::string started;
};

/// One node as `status_request` documents it.
nlohmann::json node_json(const node_view& node, const calendar& when);

/// The whole status as `status_request` documents it.
nlohmann::json status_json(const launch_identity& who, cluster_phase phase,
                           const std::vector<node_view>& nodes,
                           const calendar& when);

} // namespace weft::launcher

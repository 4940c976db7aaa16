#include "runtime/launcher/launch_status.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace weft::launcher {

namespace {

using json = nlohmann::json;

json time_or_null(const std::optional<time_point>& at, const calendar& when) {
  return at ? json(when.format(*at)) : json(nullptr);
}

json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

json exit_json(const last_exit& last, const calendar& when) {
  return {{"pid", last.pid},
          {"status", to_string(last.status)},
          {"reason", last.reason},
          {"at", when.format(last.at)}};
}

} // namespace

std::string format_time(std::chrono::system_clock::time_point at) {
  using namespace std::chrono;
  const auto whole = floor<seconds>(at);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(system_clock::to_time_t(whole)),
                     duration_cast<milliseconds>(at - whole).count());
}

std::string calendar::format(time_point at) const {
  using system = std::chrono::system_clock;
  return format_time(
      system_now
      - std::chrono::duration_cast<system::duration>(steady_now - at));
}

json node_json(const node_view& node, const calendar& when) {
  return {{"name", node.name},
          {"state", to_string(node.state)},
          {"pid", node.pid == 0 ? json(nullptr) : json(node.pid)},
          {"restarts", node.restarts},
          {"started", time_or_null(node.started, when)},
          {"ready", time_or_null(node.ready, when)},
          {"listen", text_or_null(node.report.listen)},
          {"http", text_or_null(node.report.http)},
          {"incarnation", text_or_null(node.report.incarnation)},
          {"last_exit", node.last ? exit_json(*node.last, when) : json()}};
}

json status_json(const launch_identity& who, cluster_phase phase,
                 const std::vector<node_view>& nodes, const calendar& when) {
  auto list = json::array();
  for (const auto& node : nodes)
    list.push_back(node_json(node, when));
  return {{"cluster", who.cluster},  {"file", who.file},
          {"run_dir", who.run_dir},  {"launcher", who.launcher},
          {"started", who.started},  {"phase", to_string(phase)},
          {"nodes", std::move(list)}};
}

} // namespace weft::launcher

#include "runtime/node/launcher_port.hpp"

#include "runtime/launcher/control.hpp"
#include "runtime/launcher/run_paths.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <unistd.h>

namespace weft {

namespace {

using namespace std::chrono_literals;

constexpr auto call_timeout = 5s;

result<void> done_or_failure(const result<http::response>& answer) {
  if (!answer)
    return tl::unexpected(answer.error());
  if (answer->status >= 400)
    return tl::unexpected(http::failure_of(*answer));
  return {};
}

result<pid_t> process_in(const http::response& status,
                         const std::string& name) {
  const auto parsed = nlohmann::json::parse(status.body, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("nodes"))
    return fail(errc::internal, "the launcher's status cannot be read");
  for (const auto& node : parsed["nodes"])
    if (node.value("name", "") == name && node["pid"].is_number_integer())
      return node["pid"].get<pid_t>();
  return pid_t{0};
}

} // namespace

launcher_port::launcher_port(std::string run_directory) {
  address_.unix_path =
      launcher::run_paths{std::move(run_directory)}.launcher_socket();
}

bool launcher_port::exists() const {
  std::error_code code;
  return std::filesystem::exists(address_.unix_path, code);
}

result<void> launcher_port::report_ready(const std::string& node,
                                         const node_ready& what) {
  launcher::ready_report report;
  report.pid = getpid();
  report.listen = what.listen;
  report.http = what.http;
  report.incarnation = std::to_string(what.incarnation);
  return done_or_failure(http::call(
      address_, launcher::ready_request(node, report), call_timeout));
}

void launcher_port::start(const std::string& node, const std::string& reason,
                          pid_t replaces,
                          std::function<void(result<void>)> done) {
  launcher::restart_request what;
  what.reason = reason;
  what.replaces = replaces;
  call(launcher::start_request(node, what),
       [done](const auto& answer) { done(done_or_failure(answer)); });
}

void launcher_port::process_of(const std::string& node,
                               std::function<void(result<pid_t>)> done) {
  call(launcher::status_request(), [node, done](const auto& answer) {
    const auto usable = done_or_failure(answer);
    if (!usable)
      return done(tl::unexpected(usable.error()));
    done(process_in(*answer, node));
  });
}

void launcher_port::give_up(const std::string& reason) {
  call(launcher::give_up_request(reason), [](const auto&) {});
}

void launcher_port::call(http::request what,
                         std::function<void(result<http::response>)> done) {
  client_.call(address_, std::move(what), call_timeout, std::move(done));
}

} // namespace weft

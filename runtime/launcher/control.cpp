#include "runtime/launcher/control.hpp"

#include "runtime/base/json_text.hpp"
#include "runtime/base/text.hpp"
#include "runtime/http/client.hpp"
#include "runtime/launcher/run_directory.hpp"

#include <fmt/format.h>

#include <limits>

namespace weft::launcher {

namespace {

using json = nlohmann::json;

/// For the launcher to answer; it never works longer than a few milliseconds.
constexpr std::chrono::milliseconds answer_timeout{5000};

http::request post(std::string path) {
  http::request made;
  made.verb = http::method::post;
  made.path = std::move(path);
  return made;
}

tl::unexpected<failure> malformed(std::string_view what) {
  return fail(errc::invalid_argument,
              fmt::format("ready report: expected a JSON object with an "
                          "integer `pid` and the texts `listen`, `http`, "
                          "`incarnation`; {}",
                          what));
}

/// A text, or nothing; a number is taken as its digits.
bool read_text(const json& from, const char* key, std::string& to) {
  const auto found = from.find(key);
  if (found == from.end() || found->is_null())
    return true;
  if (found->is_number_integer())
    to = json_text(*found);
  else if (found->is_string())
    to = found->get<std::string>();
  else
    return false;
  return true;
}

result<http::response> ask(const run_paths& paths, const http::request& what,
                           std::chrono::milliseconds timeout) {
  auto answer = http::call({paths.launcher_socket(), {}, 0}, what, timeout);
  if (!answer)
    return answer;
  if (answer->status >= 400)
    return tl::unexpected<failure>(http::failure_of(*answer));
  return answer;
}

} // namespace

http::request ready_request(std::string_view node, const ready_report& report) {
  auto made = post("/ready");
  made.query["node"] = node;
  made.body = json_text({{"pid", report.pid},
                         {"listen", report.listen},
                         {"http", report.http},
                         {"incarnation", report.incarnation}});
  return made;
}

http::request start_request(std::string_view node,
                            const restart_request& what) {
  auto made = post("/start");
  made.query["node"] = node;
  made.query["reason"] = what.reason;
  made.query["delay"] = format_duration(what.delay);
  made.query["replaces"] = std::to_string(what.replaces);
  return made;
}

http::request give_up_request(std::string_view reason) {
  auto made = post("/give-up");
  made.query["reason"] = reason;
  return made;
}

http::request stop_request() {
  return post("/stop");
}

http::request status_request() {
  http::request made;
  made.path = "/status";
  return made;
}

result<ready_report> parse_ready_report(std::string_view body) {
  const auto value = json::parse(body, nullptr, false);
  if (!value.is_object())
    return malformed("got something else");
  const auto pid = value.find("pid");
  if (pid == value.end() || !pid->is_number_integer())
    return malformed("`pid` is missing or no integer");
  const auto number = pid->get<std::int64_t>();
  if (number <= 0 || number > std::numeric_limits<pid_t>::max())
    return malformed(fmt::format("`pid` is {}", number));
  ready_report report;
  report.pid = static_cast<pid_t>(number);
  if (!read_text(value, "listen", report.listen))
    return malformed("`listen` is no text");
  if (!read_text(value, "http", report.http))
    return malformed("`http` is no text");
  if (!read_text(value, "incarnation", report.incarnation))
    return malformed("`incarnation` is no text");
  return report;
}

result<json> cluster_status(const run_paths& paths,
                            std::chrono::milliseconds timeout) {
  auto answer = ask(paths, status_request(), timeout);
  if (!answer)
    return pass_on(answer);
  auto value = json::parse(answer->body, nullptr, false);
  if (!value.is_object())
    return fail(errc::internal, fmt::format("what listens on {} is no launcher "
                                            "of this version",
                                            paths.launcher_socket()));
  return value;
}

result<void> stop_cluster(const run_paths& paths,
                          std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  if (auto answer =
          ask(paths, stop_request(), std::min(timeout, answer_timeout));
      !answer)
    return pass_on(answer);
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  return wait_until_released(paths.root(), left);
}

} // namespace weft::launcher

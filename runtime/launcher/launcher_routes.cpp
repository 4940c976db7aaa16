#include "runtime/launcher/launcher_routes.hpp"

#include "runtime/base/text.hpp"
#include "runtime/launcher/control.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace weft::launcher {

namespace {

using json = nlohmann::json;

/// A handler's work, on the launcher's thread.
using work = std::function<http::response(launch_shell&, const http::request&)>;

using http::json_response;

constexpr int accepted = 202;

result<std::string> parameter(const http::request& what, const char* name) {
  const auto found = what.query.find(name);
  if (found == what.query.end() || found->second.empty())
    return fail(
        errc::invalid_argument,
        fmt::format("{}: query parameter `{}` is missing", what.path, name));
  return found->second;
}

std::string parameter_or_empty(const http::request& what, const char* name) {
  const auto found = what.query.find(name);
  return found == what.query.end() ? std::string{} : found->second;
}

result<restart_request> parse_restart(const http::request& what) {
  restart_request made;
  made.reason = parameter_or_empty(what, "reason");
  if (const auto text = parameter_or_empty(what, "delay"); !text.empty()) {
    auto delay = parse_duration(text);
    if (!delay)
      return fail(errc::invalid_argument,
                  "/start: query parameter `delay`: " + delay.error().message);
    made.delay = *delay;
  }
  if (const auto text = parameter_or_empty(what, "replaces"); !text.empty()) {
    const auto end = text.data() + text.size();
    if (std::from_chars(text.data(), end, made.replaces).ptr != end
        || made.replaces < 0)
      return fail(errc::invalid_argument,
                  fmt::format("/start: query parameter `replaces`: expected a "
                              "process number, got \"{}\"",
                              text));
  }
  return made;
}

http::response ready(launch_shell& shell, const http::request& what) {
  const auto node = parameter(what, "node");
  if (!node)
    return http::error_response(node.error());
  auto report = parse_ready_report(what.body);
  if (!report)
    return http::error_response(report.error());
  result<void> done;
  shell.handle([&](launch_core& core, time_point now) {
    done = core.ready(*node, std::move(*report), now);
  });
  return done ? json_response(json::object())
              : http::error_response(done.error());
}

http::response start(launch_shell& shell, const http::request& what) {
  const auto node = parameter(what, "node");
  if (!node)
    return http::error_response(node.error());
  auto restart = parse_restart(what);
  if (!restart)
    return http::error_response(restart.error());
  result<void> done;
  shell.handle([&](launch_core& core, time_point now) {
    done = core.restart(*node, std::move(*restart), now);
  });
  return done ? json_response(shell.node_status(*node))
              : http::error_response(done.error());
}

http::response give_up(launch_shell& shell, const http::request& what) {
  const auto reason = parameter(what, "reason");
  if (!reason)
    return http::error_response(reason.error());
  shell.handle(
      [&](launch_core& core, time_point now) { core.give_up(*reason, now); });
  return json_response(json::object(), accepted);
}

http::response stop(launch_shell& shell, const http::request&) {
  shell.note("asked to stop through the control socket");
  shell.handle([](launch_core& core, time_point now) { core.stop(now); });
  return json_response(shell.status(), accepted);
}

http::response status(launch_shell& shell, const http::request&) {
  return json_response(shell.status());
}

} // namespace

void add_routes(http::server& server, boost::asio::io_context& context,
                launch_shell& shell) {
  const auto add = [&](http::method verb, const char* path, const work& does) {
    server.route(
        verb, path,
        [&context, &shell, does](const http::request& what, http::reply reply) {
          boost::asio::post(context,
                            [&shell, does, what, reply = std::move(reply)] {
                              reply(does(shell, what));
                            });
        });
  };
  add(http::method::post, "/ready", ready);
  add(http::method::post, "/start", start);
  add(http::method::post, "/give-up", give_up);
  add(http::method::post, "/stop", stop);
  add(http::method::get, "/status", status);
}

} // namespace weft::launcher

#include "runtime/node/node_routes.hpp"

#include "runtime/caf/error.hpp"
#include "runtime/node/registry_routes.hpp"
#include "runtime/node/space_routes.hpp"
#include "runtime/observe/prometheus_text.hpp"

#include <fmt/core.h>

#include <charconv>

namespace weft {

namespace {

using http::json_response;
using http::method;
using http::reply;
using http::request;
using http::response;

/// Turns an answer of the actor world into a response.
std::function<void(result<nlohmann::json>)> answering(reply to) {
  return [to](const result<nlohmann::json>& answer) {
    to(answer ? json_response(*answer) : http::error_response(answer.error()));
  };
}

std::string parameter(const request& what, const std::string& name) {
  const auto found = what.query.find(name);
  return found == what.query.end() ? std::string{} : found->second;
}

std::chrono::milliseconds wait_of(const request& what) {
  const auto text = parameter(what, "wait_ms");
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return std::chrono::milliseconds{std::max<std::int64_t>(0, count)};
}

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

void add_health(http::server& server, const route_targets& targets) {
  server.route(method::get, "/healthz", [](const request&, const reply& to) {
    to(json_response({{"status", "ok"}}));
  });
  server.route(method::get, "/readyz",
               [ready = targets.ready](const request&, const reply& to) {
                 to(*ready ? json_response({{"status", "ready"}})
                           : json_response({{"status", "starting"}}, 503));
               });
  server.route(method::get, "/metrics",
               [services = targets.services](const request&, const reply& to) {
                 response text;
                 text.content_type = observe::prometheus_content_type;
                 text.body =
                     observe::prometheus_text(services->metrics->collect());
                 to(std::move(text));
               });
}

void add_views(http::server& server, const route_targets& targets) {
  server.route(method::get, "/api/v1/status",
               [=](const request&, const reply& to) {
                 targets.actors->run([=](auto* self) {
                   targets.commands->cluster_status(self, answering(to));
                 });
               });
  server.route(
      method::get, "/api/v1/tree", [=](const request& what, const reply& to) {
        const bool all = parameter(what, "nodes") == "all";
        targets.actors->run([=](auto* self) {
          if (all)
            return targets.commands->cluster_trees(self, answering(to));
          targets.commands->tree(
              self, [to](const result<nlohmann::json>& tree) {
                if (!tree)
                  return to(http::error_response(tree.error()));
                to(json_response(
                    {{"ok", true}, {"trees", nlohmann::json::array({*tree})}}));
              });
        });
      });
  server.route(
      method::get, "/api/v1/members", [=](const request&, const reply& to) {
        targets.actors->run([=](auto* self) {
          targets.commands->run(self, {"members", "null"}, answering(to));
        });
      });
}

void add_jobs(http::server& server, const route_targets& targets) {
  server.route(method::post, "/api/v1/jobs",
               [=](const request& what, const reply& to) {
                 const auto name = parameter(what, "name");
                 targets.actors->run([=](auto* self) {
                   targets.jobs->start(self, name, answering(to));
                 });
               });
  server.route(
      method::get, "/api/v1/jobs", [=](const request&, const reply& to) {
        targets.actors->run([=](auto*) {
          to(json_response({{"ok", true}, {"jobs", targets.jobs->list()}}));
        });
      });
  server.route(method::get, "/api/v1/jobs/*",
               [=](const request& what, const reply& to) {
                 const auto id = last_part(what.path);
                 const auto wait = wait_of(what);
                 targets.actors->run([=](auto* self) {
                   targets.jobs->state(self, id, wait, answering(to));
                 });
               });
  server.route(method::post, "/api/v1/jobs/cancel/*",
               [=](const request& what, const reply& to) {
                 const auto id = last_part(what.path);
                 targets.actors->run([=](auto* self) {
                   targets.jobs->cancel(self, id, answering(to));
                 });
               });
}

void add_operations(http::server& server, const route_targets& targets) {
  server.route(method::post, "/api/v1/kill",
               [=](const request& what, const reply& to) {
                 const auto path = parameter(what, "path");
                 targets.actors->run([=](auto* self) {
                   targets.commands->kill(self, path, answering(to));
                 });
               });
  server.route(method::post, "/api/v1/stop",
               [=](const request&, const reply& to) {
                 to(json_response({{"ok", true}}, 202));
                 targets.stop("an operator stopped it");
               });
}

/// What the launcher tells the first node; that a node is there again, its
/// own hello to the membership says.
void add_launcher_reports(http::server& server, const route_targets& targets) {
  server.route(
      method::post, "/api/v1/cluster/exited",
      [=](const request& what, const reply& to) {
        const auto body = nlohmann::json::parse(what.body, nullptr, false);
        const auto watch = targets.cluster->watch.get();
        if (!watch)
          return to(http::error_response(
              {errc::unavailable, "this node does not supervise the cluster"}));
        if (!body.is_object())
          return to(http::error_response(
              {errc::invalid_argument, "expected a JSON object"}));
        post(watch,
             actors::node_exited{parameter(what, "node"),
                                 body.value("reason", std::string{"ended"})});
        to(json_response({{"ok", true}}));
      });
}

} // namespace

void add_routes(http::server& server, const route_targets& targets) {
  add_health(server, targets);
  add_views(server, targets);
  add_registry_routes(server, targets);
  add_jobs(server, targets);
  add_space_routes(server, targets);
  add_operations(server, targets);
  add_launcher_reports(server, targets);
}

} // namespace weft

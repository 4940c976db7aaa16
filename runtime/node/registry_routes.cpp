#include "runtime/node/registry_routes.hpp"

#include "runtime/module/ask.hpp"
#include "runtime/node/registry_query.hpp"

namespace weft {

namespace {

constexpr std::chrono::seconds registry_answer_timeout{5};

/// Asks the registry and answers with what `show` makes of its answer.
template <class Answer, class Message>
void ask_registry(const route_targets& targets, const http::reply& to,
                  Message what, nlohmann::json (*show)(const Answer&)) {
  targets.actors->run([services = targets.services, to, what = std::move(what),
                       show](caf::event_based_actor* self) {
    modules::ask_then<Answer>(
        self, services->directory->registry(), registry_answer_timeout,
        [to, show](const result<Answer>& got) {
          to(got ? http::json_response(show(*got))
                 : http::error_response(got.error()));
        },
        what);
  });
}

} // namespace

void add_registry_routes(http::server& server, const route_targets& targets) {
  server.route(http::method::get, "/api/v1/names",
               [=](const http::request& what, const http::reply& to) {
                 const auto prefix = what.query.find("prefix");
                 ask_registry(targets, to,
                              actors::list_names{prefix == what.query.end()
                                                     ? std::string{}
                                                     : prefix->second},
                              names_json);
               });
  server.route(http::method::get, "/api/v1/services",
               [=](const http::request& what, const http::reply& to) {
                 const auto query = parse_discovery(what.query);
                 if (!query)
                   return to(http::error_response(query.error()));
                 ask_registry(targets, to, *query, services_json);
               });
}

} // namespace weft

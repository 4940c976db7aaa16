#include "runtime/node/space_routes.hpp"

#include "runtime/node/space_commands.hpp"

namespace weft {

namespace {

/// The part behind the last slash.
std::string operation_in(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

} // namespace

void add_space_routes(http::server& server, const route_targets& targets) {
  const auto commands = std::make_shared<space_commands>(targets.services);
  const auto* actors = targets.actors;
  server.route(http::method::get, "/api/v1/spaces",
               [commands](const http::request&, const http::reply& to) {
                 to(http::json_response(commands->list()));
               });
  server.route(
      http::method::post, "/api/v1/spaces/*",
      [commands, actors](const http::request& what, const http::reply& to) {
        const auto command =
            parse_space_command(operation_in(what.path), what.body);
        if (!command)
          return to(http::error_response(command.error()));
        actors->run([commands, command = *command, to](auto* self) {
          commands->run(self, command, [to](const auto& got) {
            to(got ? http::json_response(*got)
                   : http::error_response(got.error()));
          });
        });
      });
}

} // namespace weft

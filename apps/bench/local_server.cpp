#include "apps/bench/local_server.hpp"

#include "apps/bench/programs.hpp"

#include <utility>

namespace weft::bench {

result<local_server> start_server(
    children& running, std::string name,
    const std::function<launcher::command(const std::string& port)>& command,
    std::chrono::nanoseconds limit) {
  const auto port = find_free_port();
  if (!port)
    return tl::unexpected(port.error());
  auto server = running.start(std::move(name), command(std::to_string(*port)));
  if (!server)
    return pass_on(server);
  auto listening =
      running.wait(**server, limit, [&] { return accepts_connections(*port); });
  if (!listening)
    return pass_on(listening);
  return local_server{*port, std::move(*server)};
}

} // namespace weft::bench

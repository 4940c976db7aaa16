#include "apps/bench/spaces/redis_peer.hpp"

#include "apps/bench/numbers.hpp"
#include "apps/bench/programs.hpp"
#include "apps/bench/spaces/redis_load.hpp"

#include <fmt/format.h>

namespace weft::bench {

namespace {

constexpr const char* no_server =
    "Redis is not installed, so nothing is compared; install it with: "
    "apt install redis-server";
constexpr const char* no_client =
    "This weft was built without hiredis, so nothing is compared with Redis; "
    "apt install libhiredis-dev redis-server and build it again";
constexpr std::chrono::seconds redis_start_max{20};

/// What stands behind "v=": "Redis server v=7.0.15 sha=00000000:0 ...".
std::string version_in(std::string_view said) {
  const auto at = said.find("v=");
  return at == said.npos ? std::string{} : first_number(said.substr(at + 2));
}

class redis_peer : public peer {
public:
  static result<peer_search> find(children& running,
                                  const temporary_folder& folder);

  const std::string& version() const noexcept override { return version_; }
  run_numbers run(const experiment& what, const run_size& size) override;

private:
  explicit redis_peer(children& running) : children_{running} {}

  result<std::unique_ptr<child>> start_server(std::uint16_t port);

  children& children_;
  std::string server_;
  std::string folder_;
  std::string version_;
};

result<peer_search> redis_peer::find(children& running,
                                     const temporary_folder& folder) {
  if (!has_redis_client())
    return peer_search{nullptr, no_client};
  std::unique_ptr<redis_peer> made{new redis_peer{running}};
  made->server_ = find_program("redis-server");
  if (made->server_.empty())
    return peer_search{nullptr, no_server};
  made->folder_ = folder.path();
  auto said = running.run("Redis's version", {made->server_, {"--version"}, {}},
                          redis_start_max);
  if (!said)
    return pass_on(said);
  made->version_ = version_in(*said);
  return peer_search{std::move(made), {}};
}

result<std::unique_ptr<child>> redis_peer::start_server(std::uint16_t port) {
  auto server = children_.start(
      "redis-server",
      {server_,
       {"--bind", loopback, "--port", std::to_string(port), "--save", "",
        "--appendonly", "no", "--daemonize", "no", "--dir", folder_},
       {}});
  if (!server)
    return server;
  auto listening = children_.wait(**server, redis_start_max,
                                  [port] { return accepts_connections(port); });
  if (!listening)
    return pass_on(listening);
  return server;
}

run_numbers redis_peer::run(const experiment& what, const run_size& size) {
  const auto port = find_free_port();
  if (!port)
    return tl::unexpected(port.error());
  auto server = start_server(*port);
  if (!server)
    return pass_on(server);
  auto output = children_.run(
      fmt::format("{} with Redis", what.name),
      {this_program,
       {"bench", "redis", std::string{what.name}, "--count",
        std::to_string(size.count), "--port", std::to_string(*port)},
       {}},
      process_time_max);
  if (!output)
    return pass_on(output);
  return parse_numbers(*output, numbers_of(what));
}

} // namespace

const peer_kind redis_kind{"redis", "Redis", redis_peer::find};

} // namespace weft::bench

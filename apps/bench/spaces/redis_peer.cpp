#include "apps/bench/spaces/redis_peer.hpp"

#include "apps/bench/local_server.hpp"
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

run_numbers redis_peer::run(const experiment& what, const run_size& size) {
  const auto server = start_server(
      children_, "redis-server",
      [this](const std::string& port) {
        return launcher::command{server_,
                                 {"--bind", loopback, "--port", port, "--save",
                                  "", "--appendonly", "no", "--daemonize", "no",
                                  "--dir", folder_},
                                 {}};
      },
      redis_start_max);
  if (!server)
    return tl::unexpected(server.error());
  auto output = children_.run(
      fmt::format("{} with Redis", what.name),
      {this_program,
       {"bench", "redis", std::string{what.name}, "--count",
        std::to_string(size.count), "--port", std::to_string(server->port)},
       {}},
      process_time_max);
  if (!output)
    return pass_on(output);
  return parse_numbers(*output, numbers_of(what));
}

} // namespace

const peer_kind redis_kind{"redis", "Redis", redis_peer::find};

} // namespace weft::bench

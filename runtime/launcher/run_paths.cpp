#include "runtime/launcher/run_paths.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <unistd.h>

namespace weft::launcher {

namespace {

/// FNV-1a, 32 bits (Fowler, Noll, Vo): stable over versions and machines,
/// which std::hash is not.
std::uint32_t stable_hash(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char each : text) {
    hash ^= static_cast<unsigned char>(each);
    hash *= 16777619u;
  }
  return hash;
}

} // namespace

run_environment current_environment() {
  const char* runtime_dir = std::getenv("XDG_RUNTIME_DIR");
  return {runtime_dir == nullptr ? "" : runtime_dir, ::getuid()};
}

std::string runs_root(const run_environment& environment) {
  const bool usable = environment.runtime_dir.starts_with('/');
  std::string base = usable ? environment.runtime_dir : "/tmp";
  while (base.ends_with('/'))
    base.pop_back();
  return fmt::format("{}/weft-{}", base, environment.user);
}

std::string default_run_path(const run_environment& environment,
                             std::string_view cluster,
                             std::string_view absolute_file) {
  return fmt::format("{}/{}-{:08x}", runs_root(environment), cluster,
                     stable_hash(absolute_file));
}

std::string run_paths::node_log(std::string_view node) const {
  return of_node(node, "log");
}

std::string run_paths::node_pid(std::string_view node) const {
  return of_node(node, "pid");
}

std::string run_paths::node_socket(std::string_view node) const {
  return of_node(node, "sock");
}

std::string run_paths::node_address(std::string_view node) const {
  return of_node(node, "address");
}

result<void>
run_paths::check_sockets(std::span<const std::string> nodes) const {
  auto longest = launcher_socket();
  for (const auto& node : nodes)
    if (auto path = node_socket(node); path.size() > longest.size())
      longest = std::move(path);
  if (longest.size() <= socket_path_bytes_max)
    return {};
  return fail(errc::invalid_argument,
              fmt::format("the socket path {} has {} bytes, at most {} are "
                          "possible: set --run-dir or XDG_RUNTIME_DIR to a "
                          "shorter directory, or shorten the node's name",
                          longest, longest.size(), socket_path_bytes_max));
}

std::string run_paths::of_node(std::string_view node,
                               std::string_view suffix) const {
  return fmt::format("{}/nodes/{}.{}", root_, node, suffix);
}

} // namespace weft::launcher

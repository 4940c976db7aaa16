#include "runtime/launcher/listening_nodes.hpp"

#include "runtime/base/unique_fd.hpp"
#include "runtime/launcher/run_paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/socket.h>
#include <sys/un.h>

namespace weft::launcher {

namespace {

namespace fs = std::filesystem;

/// False for the file that a node left which could not end in order.
bool is_listened_on(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() > run_paths::socket_path_bytes_max)
    return false;
  std::memcpy(address.sun_path, path.data(), path.size());
  const unique_fd link{
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!link)
    return false;
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  // When its queue is full there is somebody too.
  return ::connect(link.get(), generic, sizeof address) == 0 || errno == EAGAIN;
}

} // namespace

result<std::vector<std::string>> listening_nodes(const std::string& path) {
  std::error_code code;
  std::vector<std::string> nodes;
  const run_paths paths{path};
  for (fs::directory_iterator each{paths.nodes(), code}, end;
       !code && each != end; each.increment(code))
    if (each->path().extension() == ".sock"
        && is_listened_on(each->path().string()))
      nodes.push_back(each->path().stem().string());
  if (code && code != std::errc::no_such_file_or_directory
      && code != std::errc::not_a_directory)
    return fail(
        code == std::errc::permission_denied ? errc::permission_denied
                                             : errc::io,
        fmt::format("cannot look into {}: {}", paths.nodes(), code.message()));
  std::ranges::sort(nodes);
  return nodes;
}

} // namespace weft::launcher

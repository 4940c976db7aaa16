#include "apps/bench/erlang_peer.hpp"

#include "apps/bench/actors_erl.hpp"
#include "apps/bench/numbers.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/unique_fd.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weft::bench {

namespace {

constexpr const char* loopback = "127.0.0.1";
constexpr std::chrono::seconds start_time_max{20};

/// The path of a program in PATH; empty when there is none.
std::string find_program(std::string_view name) {
  const char* paths = std::getenv("PATH");
  for (const auto folder : split(paths != nullptr ? paths : "", ':')) {
    auto path = fmt::format("{}/{}", folder, name);
    if (!folder.empty() && ::access(path.c_str(), X_OK) == 0)
      return path;
  }
  return {};
}

sockaddr_in on_loopback(std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return where;
}

result<std::uint16_t> find_free_port() {
  const unique_fd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  auto where = on_loopback(0);
  socklen_t size = sizeof where;
  auto* address = reinterpret_cast<sockaddr*>(&where);
  if (!socket || ::bind(socket.get(), address, size) != 0
      || ::getsockname(socket.get(), address, &size) != 0)
    return fail(errc::io, fmt::format("cannot find a free port on {}: {}",
                                      loopback, std::strerror(errno)));
  return ntohs(where.sin_port);
}

/// On loopback the answer is there at once.
bool accepts_connections(std::uint16_t port) {
  const unique_fd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const auto where = on_loopback(port);
  return socket
         && ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&where),
                      sizeof where)
                == 0;
}

} // namespace

result<std::optional<erlang_peer>>
erlang_peer::find(children& running, const temporary_folder& folder) {
  erlang_peer made;
  made.escript_ = find_program("escript");
  made.epmd_ = find_program("epmd");
  if (made.escript_.empty() || made.epmd_.empty()
      || find_program("erl").empty())
    return std::optional<erlang_peer>{};
  auto script = folder.write("actors.erl", actors_erl);
  if (!script)
    return pass_on(script);
  made.folder_ = folder.path();
  made.script_ = std::move(*script);
  auto said = running.run("Erlang's version", made.escript({"version"}, 1),
                          start_time_max);
  if (!said)
    return pass_on(said);
  made.version_ = trim(*said);
  return std::optional{std::move(made)};
}

launcher::command erlang_peer::escript(std::vector<std::string> arguments,
                                       std::uint16_t epmd_port) const {
  arguments.insert(arguments.begin(), script_);
  // Its home is where it puts its cookie.
  return {escript_,
          std::move(arguments),
          {{"HOME", folder_},
           {"TMPDIR", folder_},
           {"ERL_CRASH_DUMP", folder_ + "/erl_crash.dump"},
           {"ERL_EPMD_ADDRESS", loopback},
           {"ERL_EPMD_PORT", std::to_string(epmd_port)}}};
}

result<std::unique_ptr<child>>
erlang_peer::start_epmd(children& running, std::uint16_t port) const {
  auto epmd = running.start(
      "epmd", {epmd_,
               {"-address", loopback, "-port", std::to_string(port)},
               {{"HOME", folder_}, {"TMPDIR", folder_}}});
  if (!epmd)
    return epmd;
  auto listening = running.wait(**epmd, start_time_max,
                                [port] { return accepts_connections(port); });
  if (!listening)
    return pass_on(listening);
  return epmd;
}

result<std::vector<double>>
erlang_peer::run(children& running, const experiment& what, std::uint64_t count,
                 std::chrono::nanoseconds limit) const {
  const auto port = find_free_port();
  if (!port)
    return tl::unexpected(port.error());
  auto epmd = start_epmd(running, *port);
  if (!epmd)
    return pass_on(epmd);
  auto output = running.run(
      fmt::format("{} in Erlang", what.name),
      escript({std::string{what.name}, std::to_string(count)}, *port), limit);
  if (!output)
    return pass_on(output);
  return parse_numbers(*output, what.figures.size());
}

} // namespace weft::bench

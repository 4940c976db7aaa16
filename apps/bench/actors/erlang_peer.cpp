#include "apps/bench/actors/erlang_peer.hpp"

#include "apps/bench/actors/actors_erl.hpp"
#include "apps/bench/local_server.hpp"
#include "apps/bench/numbers.hpp"
#include "apps/bench/programs.hpp"
#include "runtime/base/text.hpp"

#include <fmt/format.h>

namespace weft::bench {

namespace {

constexpr const char* erlang_advice =
    "Erlang/OTP is not installed, so nothing is compared; install it with: "
    "apt install erlang-base";
constexpr std::chrono::seconds erlang_start_max{20};

class erlang_peer : public peer {
public:
  static result<peer_search> find(children& running,
                                  const temporary_folder& folder);

  const std::string& version() const noexcept override { return version_; }
  run_numbers run(const experiment& what, const run_size& size) override;

private:
  explicit erlang_peer(children& running) : children_{running} {}

  launcher::command escript(std::vector<std::string> arguments,
                            std::uint16_t epmd_port) const;

  children& children_;
  std::string escript_;
  std::string epmd_;
  std::string folder_;
  std::string script_;
  std::string version_;
};

result<peer_search> erlang_peer::find(children& running,
                                      const temporary_folder& folder) {
  std::unique_ptr<erlang_peer> made{new erlang_peer{running}};
  made->escript_ = find_program("escript");
  made->epmd_ = find_program("epmd");
  if (made->escript_.empty() || made->epmd_.empty()
      || find_program("erl").empty())
    return peer_search{nullptr, erlang_advice};
  auto script = folder.write("actors.erl", actors_erl);
  if (!script)
    return pass_on(script);
  made->folder_ = folder.path();
  made->script_ = std::move(*script);
  auto said = running.run("Erlang's version", made->escript({"version"}, 1),
                          erlang_start_max);
  if (!said)
    return pass_on(said);
  made->version_ = trim(*said);
  return peer_search{std::move(made), {}};
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

/// With an epmd of its own, in the foreground.
run_numbers erlang_peer::run(const experiment& what, const run_size& size) {
  const auto epmd = start_server(
      children_, "epmd",
      [this](const std::string& port) {
        return launcher::command{epmd_,
                                 {"-address", loopback, "-port", port},
                                 {{"HOME", folder_}, {"TMPDIR", folder_}}};
      },
      erlang_start_max);
  if (!epmd)
    return tl::unexpected(epmd.error());
  auto output = children_.run(
      fmt::format("{} in Erlang", what.name),
      escript({std::string{what.name}, std::to_string(size.count)}, epmd->port),
      process_time_max);
  if (!output)
    return pass_on(output);
  return parse_numbers(*output, numbers_of(what));
}

} // namespace

const peer_kind erlang_kind{"erlang", "Erlang/OTP", erlang_peer::find};

} // namespace weft::bench

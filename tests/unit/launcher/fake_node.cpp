// A stand-in for `weft node` in the tests of the launcher: reports ready,
// and as the first node plays the cluster supervisor. What each node does is
// in the file that stands for the cluster file, as {"NODE": "BEHAVIOUR"}:
//   (absent)       reports ready and runs until SIGTERM
//   "die"          says why and exits with 3 before it is ready
//   "die-later"    exits with 4 as soon as it was ready, every time
//   "die-once"     the same, but its next process runs
//   "hang"         never reports ready
//   "stubborn"     ignores SIGTERM
// The supervisor restarts an exited node up to twice, then gives up.

#include "runtime/base/draft_file.hpp"
#include "runtime/http/client.hpp"
#include "runtime/http/server.hpp"
#include "runtime/launcher/control.hpp"
#include "runtime/launcher/run_directory.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;

namespace {

using nlohmann::json;
using namespace weft;
using namespace weft::launcher;

void say(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

class fake_supervisor {
public:
  explicit fake_supervisor(run_paths paths) : paths_(std::move(paths)) {}

  result<void> listen(const std::string& node) {
    server_.route(http::method::post, "/api/v1/cluster/exited",
                  [this](const http::request& what, http::reply reply) {
                    exited(what);
                    reply({200, "application/json", "{}"});
                  });
    return server_.listen_unix(paths_.node_socket(node));
  }

private:
  void exited(const http::request& what) {
    const auto& node = what.query.at("node");
    const auto body = json::parse(what.body);
    say(fmt::format("exited {} status {}: {}", node,
                    body.at("status").get<int>(),
                    body.at("reason").get<std::string>()));
    const auto request = ++exits_[node] <= 2
                             ? start_request(node, {"it exited", 20ms, 0})
                             : give_up_request(fmt::format("{} exited {} times",
                                                           node, exits_[node]));
    client_.call({paths_.launcher_socket(), {}, 0}, request, 5s,
                 [](const result<http::response>& answer) {
                   say(answer ? fmt::format("launcher: {}", answer->status)
                              : to_string(answer.error()));
                 });
  }

  run_paths paths_;
  std::map<std::string, int> exits_;
  http::server server_;
  http::async_client client_;
};

bool first_time(const run_paths& paths, const std::string& node) {
  const auto mark = paths.nodes() + "/" + node + ".log.seen";
  const bool first = !std::filesystem::exists(mark);
  static_cast<void>(write_atomically(mark, "x"));
  return first;
}

int run(const run_paths& paths, const std::string& node,
        const std::string& behaviour) {
  sigset_t term;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &term, nullptr);
  say("hello from " + node);
  if (behaviour == "die") {
    std::fputs("the flux capacitor is empty\n", stderr);
    return 3;
  }
  fake_supervisor supervisor{paths};
  if (auto listening = supervisor.listen(node); !listening) {
    say(to_string(listening.error()));
    return 5;
  }
  if (behaviour != "hang") {
    const auto answer = http::call(
        {paths.launcher_socket(), {}, 0},
        ready_request(node, {::getpid(), "127.0.0.1:7001", "", "42"}), 5s);
    if (!answer || answer->status != 200) {
      say("not taken: " + (answer ? answer->body : to_string(answer.error())));
      return 6;
    }
  }
  if (behaviour == "die-later"
      || (behaviour == "die-once" && first_time(paths, node)))
    return 4;
  int number = 0;
  do
    ::sigwait(&term, &number);
  while (behaviour == "stubborn");
  say("goodbye from " + node);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words{argv + 1, argv + argc};
  if (words.size() < 6 || words[0] != "node" || words[2] != "--name"
      || words[4] != "--run-dir")
    return 2;
  const auto script = read_small_file(words[1]);
  const auto behaviours = json::parse(script.value_or("{}"));
  for (std::size_t i = 6; i < words.size(); ++i)
    say("argument " + words[i]);
  return run(run_paths{words[5]}, words[3],
             behaviours.value(words[3], std::string{}));
}

#include "runtime/http/server.hpp"
#include "runtime/launcher/supervisor_link.hpp"
#include "tests/unit/launcher/temp_dir.hpp"

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <mutex>

using namespace std::chrono_literals;

namespace weft::launcher {

namespace {

http::request numbered(int number) {
  return exited_request({"n" + std::to_string(number), 1, {}, ""});
}

struct link_bench {
  link_bench()
      : link(context, dir / "n1.sock",
             [this](const std::string& text) { trouble.push_back(text); }) {}

  /// Answers every report with what `status` says, and notes the node.
  void listen(std::function<int()> status) {
    server.route(http::method::post, "/api/v1/cluster/exited",
                 [this, status](const http::request& what, http::reply reply) {
                   const int code = status();
                   {
                     const std::lock_guard guard{mutex};
                     taken.push_back(what.query.at("node"));
                   }
                   reply({code, "application/json", "{}"});
                 });
    REQUIRE(server.listen_unix(dir / "n1.sock"));
  }

  std::vector<std::string> taken_now() {
    const std::lock_guard guard{mutex};
    return taken;
  }

  bool run_until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    const auto work = boost::asio::make_work_guard(context);
    while (!done() && std::chrono::steady_clock::now() < deadline)
      context.run_one_for(10ms);
    return done();
  }

  temp_dir dir;
  boost::asio::io_context context;
  std::mutex mutex;
  std::vector<std::string> taken;
  std::vector<std::string> trouble;
  supervisor_link link;
  http::server server;
};

using names = std::vector<std::string>;

} // namespace

TEST_CASE("an exit is reported with its status as a shell has it") {
  const auto body = [](const report_exit& what) {
    return nlohmann::json::parse(exited_request(what).body);
  };
  const auto killed = exited_request({"n3", 7, {0, SIGKILL}, "signal SIGKILL"});
  CHECK(killed.path == "/api/v1/cluster/exited");
  CHECK(killed.query.at("node") == "n3");
  CHECK(body({"n3", 7, {0, SIGKILL}, "x"}).at("status") == 137);
  CHECK(body({"n3", 7, {0, SIGKILL}, "x"}).at("signal") == SIGKILL);
  CHECK(body({"n3", 7, {3, 0}, "x"}).at("status") == 3);
  CHECK(body({"n3", 0, {}, "could not be started"}).at("status") == -1);
  CHECK(body({"n3", 7, {3, 0}, "why"}).at("reason") == "why");
}

TEST_CASE("reports arrive one by one, in order") {
  link_bench b;
  b.listen([] { return 200; });
  for (int i = 0; i < 20; ++i)
    b.link.report(numbered(i));
  REQUIRE(b.run_until([&] { return b.taken_now().size() == 20; }));
  for (int i = 0; i < 20; ++i)
    CHECK(b.taken[static_cast<std::size_t>(i)] == "n" + std::to_string(i));
  CHECK(b.trouble.empty());
}

TEST_CASE("a report is tried again after a failure of the other side") {
  link_bench b;
  int calls = 0;
  b.listen([&] { return ++calls < 3 ? 503 : 200; });
  b.link.report(numbered(1));
  b.link.report(numbered(2));
  REQUIRE(b.run_until([&] { return b.taken_now().size() == 4; }));
  CHECK(b.taken == names{"n1", "n1", "n1", "n2"});
  CHECK(b.trouble.empty());
}

TEST_CASE("a refused report is said and not repeated") {
  link_bench b;
  b.listen([] { return 404; });
  b.link.report(numbered(1));
  REQUIRE(b.run_until([&] { return !b.trouble.empty(); }));
  CHECK(b.taken_now().size() == 1);
  CHECK(b.trouble[0].find("exited?node=n1") != std::string::npos);
}

TEST_CASE("a report to nobody is given up after its attempts and the next "
          "one has its own") {
  link_bench b;
  b.link.report(numbered(1));
  REQUIRE(b.run_until([&] { return !b.trouble.empty(); }));
  CHECK(b.trouble[0].find("did not take") != std::string::npos);
  b.listen([] { return 200; });
  b.link.report(numbered(2));
  CHECK(b.run_until([&] { return b.taken_now() == names{"n2"}; }));
}

TEST_CASE("too many waiting reports drop the oldest and say so") {
  link_bench b;
  for (std::size_t i = 0; i <= supervisor_link::queue_max; ++i)
    b.link.report(numbered(static_cast<int>(i)));
  // n0 is under way, so n1 is the oldest that waits.
  REQUIRE(b.trouble.size() == 1);
  CHECK(b.trouble[0].find("node=n1") != std::string::npos);
}

} // namespace weft::launcher

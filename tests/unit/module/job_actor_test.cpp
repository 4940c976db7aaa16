#include "runtime/module/job_actor.hpp"
#include "runtime/module/module.hpp"
#include "runtime/module/type_ids.hpp"
#include "tests/support/round_trip.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace weft::modules {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// Generous: only a failure lasts so long.
constexpr auto deadline = 30s;

/// A system with threads, since a job has one of its own.
struct job_fixture {
  job_fixture() { add_types<caf::id_block::weft_jobs>(config); }

  template <class F>
  job_actor run(F body, json arguments = nullptr,
                job_spawn_options options = {}) {
    module_registration module{"test"};
    module.job("work", body);
    auto finished = std::move(module).finish();
    REQUIRE(finished);
    auto spawned =
        spawn_job(system, finished->jobs[0], {std::move(arguments), {}, "args"},
                  context{}, std::move(options));
    REQUIRE_MESSAGE(spawned, spawned.error().message);
    return *spawned;
  }

  result<json> outcome(const job_actor& running) {
    return parse_outcome(
        ask<std::string>(self.ptr(), running, deadline, await_job{}));
  }

  system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
};

int twice(job&, int x) {
  return 2 * x;
}

result<json> object(job&) {
  return json{{"found", 3}};
}

result<json> failing(job&) {
  return fail(errc::unavailable, "n3 is lost");
}

void throwing(job&) {
  throw std::runtime_error("no fuel");
}

int requiring(job& self) {
  return self.require(result<int>{fail(errc::not_found, "no such thing")});
}

void until_cancelled(job& self) {
  while (self.pause(50ms)) {
  }
}

struct job_samples {
  template <class T>
  using of = std::type_identity<T>;

  await_job operator()(of<await_job>) const { return {}; }
  cancel_job operator()(of<cancel_job>) const { return {"why"}; }
  query_job operator()(of<query_job>) const { return {}; }
  job_status operator()(of<job_status>) const { return {false, 3, 10, "rows"}; }
  job_outcome operator()(of<job_outcome>) const { return {3, "gone"}; }
};

} // namespace

TEST_CASE_FIXTURE(job_fixture, "a job's result comes with its granularity") {
  const auto value = outcome(run(twice, json::array({21})));
  REQUIRE(value);
  CHECK((*value)["value"] == 42);
  CHECK((*value)["granularity"].contains("ratio"));
  const auto members = outcome(run(object));
  REQUIRE(members);
  CHECK((*members)["found"] == 3);
  CHECK((*members)["granularity"].contains("compute_seconds"));
}

TEST_CASE_FIXTURE(job_fixture,
                  "failures and exceptions are the job's failure") {
  const auto failed = outcome(run(failing));
  REQUIRE_FALSE(failed);
  CHECK(failed.error() == failure{errc::unavailable, "n3 is lost"});
  const auto threw = outcome(run(throwing));
  REQUIRE_FALSE(threw);
  CHECK(threw.error()
        == failure{errc::internal, "job test.work failed: it threw: no fuel"});
  const auto required = outcome(run(requiring));
  REQUIRE_FALSE(required);
  CHECK(required.error() == failure{errc::not_found, "no such thing"});
}

TEST_CASE_FIXTURE(job_fixture, "wrong arguments start no job") {
  module_registration module{"test"};
  module.job("work", twice, parameter("x"));
  const auto finished = std::move(module).finish();
  REQUIRE(finished);
  const auto spawned =
      spawn_job(system, finished->jobs[0], {{{"y", 1}}, {}, "args"}, {});
  REQUIRE_FALSE(spawned);
  CHECK(spawned.error().code == errc::invalid_argument);
}

TEST_CASE_FIXTURE(job_fixture, "the result can be asked for often and late") {
  const auto running = run(object);
  REQUIRE(outcome(running));
  CHECK(outcome(running));
}

TEST_CASE_FIXTURE(job_fixture, "a cancelled job answers at once and ends") {
  const auto running = run(until_cancelled);
  const auto first = ask<bool>(self.ptr(), running, deadline,
                               cancel_job{"an operator stopped it"});
  CHECK(first == true);
  const auto again = ask<bool>(self.ptr(), running, deadline, cancel_job{""});
  CHECK(again == false);
  const auto how = outcome(running);
  REQUIRE_FALSE(how);
  CHECK(how.error()
        == failure{errc::cancelled,
                   "job test.work was cancelled: an operator stopped it"});
  // The job_fixture's destructor waits for the job's thread.
}

TEST_CASE_FIXTURE(job_fixture,
                  "a job that outlives its time-out is cancelled") {
  job_spawn_options options;
  options.timeout = 20ms;
  const auto how = outcome(run(until_cancelled, nullptr, options));
  REQUIRE_FALSE(how);
  CHECK(how.error()
        == failure{errc::timed_out,
                   "job test.work ran longer than its timeout of 20ms"});
}

TEST_CASE_FIXTURE(job_fixture, "callers beyond the limit are refused") {
  job_spawn_options options;
  options.waiters_max = 1;
  const auto running = run(until_cancelled, nullptr, options);
  caf::scoped_actor other{system};
  auto waiting = request(other.ptr(), running, deadline, await_job{});
  // Messages of one sender arrive in order; the other's is there once the
  // job answers a later one of his.
  REQUIRE(ask<job_status>(other.ptr(), running, deadline, query_job{}));
  const auto refused = outcome(running);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::exhausted);
  REQUIRE(ask<bool>(self.ptr(), running, deadline, cancel_job{"enough"}));
  waiting.receive(
      [](const std::string&) { FAIL("it was cancelled"); },
      [](caf::error& why) { CHECK(from_caf(why).code == errc::cancelled); });
}

TEST_CASE_FIXTURE(job_fixture, "progress reaches the callback and the query") {
  std::promise<job_progress> told;
  job_spawn_options options;
  options.on_progress = [&](const job_progress& now) { told.set_value(now); };
  const auto running = run(
      [](job& in) {
        in.progress(3, 10, "rows");
        while (in.pause(50ms)) {
        }
      },
      nullptr, options);
  auto heard = told.get_future();
  REQUIRE(heard.wait_for(deadline) == std::future_status::ready);
  CHECK(heard.get() == job_progress{3, 10, "rows"});
  const auto status =
      ask<job_status>(self.ptr(), running, deadline, query_job{});
  REQUIRE(status);
  CHECK(*status == job_status{true, 3, 10, "rows"});
  REQUIRE(ask<bool>(self.ptr(), running, deadline, cancel_job{"enough"}));
}

TEST_CASE_FIXTURE(job_fixture, "a job asks actors and counts that as waiting") {
  using doubler = typed_actor<int(int)>;
  const doubler actor = system.spawn(
      []() -> doubler::behavior_type { return {[](int x) { return 2 * x; }}; });
  const auto how = outcome(run([actor](job& in) -> result<json> {
    const auto sum = in.compute([] { return 20; });
    return in.ask<int>(actor, deadline, sum + 1).map([](int x) {
      return json{{"x", x}};
    });
  }));
  REQUIRE(how);
  CHECK((*how)["x"] == 42);
  CHECK((*how)["granularity"]["coordinate_seconds"] > 0.0);
}

TEST_CASE_FIXTURE(job_fixture, "once cancelled, a job's waits fail at once") {
  std::promise<failure> heard;
  const auto running = run([&](job& in) {
    while (in.pause(50ms)) {
    }
    heard.set_value(in.find<caf::actor>("hello/x").error());
  });
  REQUIRE(ask<bool>(self.ptr(), running, deadline, cancel_job{"enough"}));
  auto why = heard.get_future();
  REQUIRE(why.wait_for(deadline) == std::future_status::ready);
  CHECK(why.get().code == errc::cancelled);
}

TEST_CASE_FIXTURE(job_fixture, "messages about jobs survive the wire") {
  test::check_block<caf::id_block::weft_jobs>(system, job_samples{});
}

} // namespace weft::modules

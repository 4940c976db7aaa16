#include "actors/space/local_space.hpp"
#include "actors/space/space_shard.hpp"
#include "spaces/text.hpp"
#include "tests/unit/actors/actors_fixture.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <map>
#include <thread>

using namespace std::chrono_literals;

namespace weft {

namespace {

using spaces::pattern_of;
using spaces::tuple_of;
using spaces::match::any;

spaces::pattern anything() {
  return *spaces::parse_pattern("[...]");
}

/// A space of one process on a virtual clock, used by actors.
struct space_fixture : actors::actors_fixture {
  explicit space_fixture(std::size_t shards = 1)
      : jobs{start_local_space(system, options(shards))} {
    drain();
  }

  static local_space_options options(std::size_t shards) {
    local_space_options made;
    made.name = "jobs";
    made.shards = shards;
    return made;
  }

  /// Runs `body(self)` as the first turn of an actor.
  template <class Body>
  caf::actor run(Body body) {
    auto actor = system.spawn([body](caf::event_based_actor* self) {
      body(self);
      // Stays until it is told to end.
      return caf::behavior{[](const std::string&) {}};
    });
    drain();
    return actor;
  }

  template <class R, class Ask>
  result<R> ask(Ask call) {
    auto got = std::make_shared<std::optional<result<R>>>();
    const auto asking = run([=, this](caf::event_based_actor* self) {
      call(jobs.in(self)).then([got](result<R> answer) {
        *got = std::move(answer);
      });
    });
    REQUIRE(*got);
    end(asking);
    return **got;
  }

  void write(const spaces::tuple& what) {
    REQUIRE(ask<tuple_key>([=](auto port) { return port.write(what); }));
  }

  std::uint64_t count() {
    return *ask<std::uint64_t>(
        [](auto port) { return port.count(anything()); });
  }

  space jobs;
};

struct sharded_fixture : space_fixture {
  sharded_fixture() : space_fixture{4} {}
};

} // namespace

TEST_CASE_FIXTURE(space_fixture, "an actor writes, reads and takes") {
  write(tuple_of("job", 1));
  const auto read = ask<std::optional<spaces::tuple>>(
      [](auto port) { return port.read_if(pattern_of("job", any{})); });
  REQUIRE(read);
  CHECK(*read == tuple_of("job", 1));
  const auto taken = ask<std::optional<spaces::tuple>>(
      [](auto port) { return port.take_if(pattern_of("job", any{})); });
  CHECK(*taken == tuple_of("job", 1));
  const auto none = ask<std::optional<spaces::tuple>>(
      [](auto port) { return port.take_if(pattern_of("job", any{})); });
  REQUIRE(none);
  CHECK_FALSE(*none);
}

TEST_CASE_FIXTURE(space_fixture,
                  "a take waits for its tuple, or for its time") {
  std::optional<spaces::tuple> got;
  bool late = false;
  run([&](caf::event_based_actor* self) {
    jobs.in(self).take(pattern_of("job", any{}), 5s).then([&](auto answer) {
      got = *answer;
    });
    jobs.in(self).take(pattern_of("none"), 5s).then([&](auto answer) {
      late = answer.has_value() && !*answer;
    });
  });
  CHECK_FALSE(got);
  write(tuple_of("job", 7));
  CHECK(got == tuple_of("job", 7));
  advance(4s);
  CHECK_FALSE(late);
  advance(2s);
  CHECK(late);
}

TEST_CASE_FIXTURE(space_fixture,
                  "what a dead actor claimed and waited for is released") {
  write(tuple_of("job", 1));
  const auto worker = run([&](caf::event_based_actor* self) {
    jobs.in(self).claim(pattern_of("job", any{}), 1h, 0s).then([](auto) {});
    jobs.in(self).take(pattern_of("result", any{}), 1h).then([](auto) {});
  });
  CHECK(count() == 0);
  end(worker);
  CHECK(count() == 1);
  write(tuple_of("result", 1));
  CHECK(count() == 2);
}

TEST_CASE_FIXTURE(space_fixture, "a claim is confirmed with its result") {
  write(tuple_of("job", 1));
  std::optional<claimed_tuples> claimed;
  bool confirmed = false;
  run([&](caf::event_based_actor* self) {
    jobs.in(self)
        .claim(pattern_of("job", any{}), 1h, 0s)
        .then([&, self](auto got) {
          claimed = *got;
          jobs.in(self)
              .confirm(claimed->claim, {{tuple_of("done", 1), {}}})
              .then([&](auto keys) { confirmed = keys && keys->size() == 1; });
        });
  });
  CHECK(confirmed);
  CHECK(count() == 1);
}

TEST_CASE_FIXTURE(sharded_fixture,
                  "a take from anywhere gets each tuple once") {
  std::vector<std::int64_t> got;
  run([&](caf::event_based_actor* self) {
    for (int i = 0; i < 8; ++i)
      jobs.in(self).take(pattern_of(any{}, any{}), 10s).then([&](auto answer) {
        REQUIRE(*answer);
        got.push_back((**answer)[1].as_i64());
      });
  });
  for (int i = 0; i < 8; ++i)
    write(tuple_of("job-" + std::to_string(i), i));
  std::sort(got.begin(), got.end());
  CHECK(got == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(count() == 0);
}

TEST_CASE_FIXTURE(sharded_fixture,
                  "what is claimed from anywhere is confirmed or released") {
  for (int i = 0; i < 2; ++i)
    write(tuple_of("job-" + std::to_string(i), i));
  const auto claim = [](auto port) {
    return port.claim(pattern_of(any{}, any{}), 1h, 0s);
  };
  int done = 0;
  run([&](caf::event_based_actor* self) {
    claim(jobs.in(self)).then([&, self](auto first) {
      claim(jobs.in(self)).then([&, self, first](auto second) {
        jobs.in(self).confirm((*first)->claim).then([&](auto confirmed) {
          done += confirmed.has_value() ? 1 : 0;
        });
        jobs.in(self).release((*second)->claim).then([&](auto released) {
          done += released.has_value() ? 1 : 0;
        });
      });
    });
  });
  CHECK(done == 2);
  CHECK(count() == 1);
}

TEST_CASE_FIXTURE(sharded_fixture, "all shards are asked and merged") {
  for (int i = 0; i < 20; ++i)
    write(tuple_of("job-" + std::to_string(i), i));
  CHECK(count() == 20);
  const auto some = ask<std::vector<spaces::tuple>>(
      [](auto port) { return port.read_all(anything(), 7); });
  CHECK(some->size() == 7);
  const auto statistics = ask<std::vector<spaces::space_statistics>>(
      [](auto port) { return port.statistics(); });
  REQUIRE(statistics->size() == 4);
  std::uint64_t tuples = 0;
  for (const auto& each : *statistics)
    tuples += each.index.tuples;
  CHECK(tuples == 20);
  CHECK(*ask<std::uint64_t>([](auto port) { return port.clear(); }) == 20);
  CHECK(count() == 0);
}

TEST_CASE_FIXTURE(sharded_fixture, "one step over several shards is refused") {
  const auto refused = ask<std::vector<tuple_key>>([](auto port) {
    std::vector<spaces::new_tuple> many;
    for (int i = 0; i < 20; ++i)
      many.push_back({tuple_of(i), {}});
    return port.write_all(many);
  });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unsupported);
  CHECK(count() == 0);
}

TEST_CASE_FIXTURE(sharded_fixture, "actors meet at a barrier and reduce") {
  std::vector<std::uint64_t> generations;
  std::vector<std::int64_t> sums;
  std::optional<failure> missed;
  for (const std::string who : {"a", "b", "c"})
    run([&, who](caf::event_based_actor* self) {
      jobs.in(self).barrier("start", who, 3, 5s).then([&](auto generation) {
        generations.push_back(*generation);
      });
      jobs.in(self)
          .reduce("sum", who, 3, spaces::reduce_operation::sum, 14, 5s)
          .then([&](auto sum) {
            sums.push_back(std::get<std::int64_t>(sum->is));
          });
    });
  CHECK(generations == std::vector<std::uint64_t>{1, 1, 1});
  CHECK(sums == std::vector<std::int64_t>{42, 42, 42});
  run([&](caf::event_based_actor* self) {
    jobs.in(self).barrier("start", "a", 3, 1s).then([&](auto generation) {
      missed = generation.error();
    });
  });
  advance(2s);
  REQUIRE(missed);
  CHECK(missed->code == errc::timed_out);
  CHECK(missed->message.find("missing: b, c") != std::string::npos);
}

TEST_CASE_FIXTURE(sharded_fixture, "a watch tells what becomes of tuples") {
  std::vector<spaces::watch_kind> seen;
  run([&](caf::event_based_actor* self) {
    jobs.in(self).watch(anything()).then([&, self](auto watch) {
      REQUIRE(watch);
      const auto key = *watch;
      const auto again = std::make_shared<std::function<void()>>();
      // Held by whoever waits for events, and not by itself.
      const std::weak_ptr weak{again};
      *again = [&, self, key, weak] {
        jobs.in(self).next_events(key, 1h).then(
            [&, next = weak.lock()](auto news) {
              REQUIRE(news);
              for (const auto& each : news->events)
                seen.push_back(each.kind);
              if (seen.size() < 3)
                (*next)();
            });
      };
      (*again)();
    });
  });
  write(tuple_of("a", 1));
  write(tuple_of("b", 2));
  static_cast<void>(ask<std::optional<spaces::tuple>>(
      [](auto port) { return port.take_if(pattern_of("a", any{})); }));
  using enum spaces::watch_kind;
  CHECK(seen == std::vector{added, added, taken});
}

namespace {

task take_two(space from, caf::event_based_actor* self,
              std::shared_ptr<std::vector<std::int64_t>> into) {
  for (int i = 0; i < 2; ++i) {
    const auto got = co_await from.in(self).take(pattern_of("job", any{}), 5s);
    into->push_back((**got)[1].as_i64());
  }
}

} // namespace

namespace {

std::vector<actors::space_request> writes_of(int count) {
  std::vector<actors::space_request> calls;
  for (int i = 0; i < count; ++i)
    calls.push_back({spaces::call::write{{{tuple_of("job", i), {}}}}, {}});
  return calls;
}

task write_batches(space to, caf::event_based_actor* self,
                   std::promise<std::vector<std::size_t>>* sizes) {
  auto batch = to.in(self).perform_all(writes_of(50));
  const auto written = co_await std::move(batch);
  auto none = to.in(self).perform_all({});
  const auto empty = co_await std::move(none);
  sizes->set_value({written.size(), empty.size()});
}

} // namespace

TEST_CASE_FIXTURE(space_fixture, "an actor asks for many things at once") {
  std::promise<std::vector<std::size_t>> sizes;
  end(run([&](caf::event_based_actor* self) {
    write_batches(jobs, self, &sizes);
  }));
  CHECK(sizes.get_future().get() == std::vector<std::size_t>{50, 0});
  std::promise<std::vector<std::string>> answers;
  end(run([&](caf::event_based_actor* self) {
    std::vector<actors::space_request> calls;
    calls.push_back({spaces::call::count{anything()}, {}});
    calls.push_back({spaces::call::renew{}, 9});
    jobs.in(self).perform_all(std::move(calls)).then([&](const auto& got) {
      std::vector<std::string> said;
      for (const auto& each : got)
        said.push_back(
            std::holds_alternative<failure>(each.what)
                ? std::get<failure>(each.what).message
                : std::to_string(
                    std::get<spaces::reply::counted>(each.what).count));
      answers.set_value(said);
    });
  }));
  const auto said = answers.get_future().get();
  REQUIRE(said.size() == 2);
  CHECK(said[0] == "50");
  CHECK(said[1].find("shard") != std::string::npos);
}

TEST_CASE_FIXTURE(space_fixture, "a coroutine waits without blocking") {
  const auto got = std::make_shared<std::vector<std::int64_t>>();
  run([&](caf::event_based_actor* self) { take_two(jobs, self, got); });
  write(tuple_of("job", 1));
  write(tuple_of("job", 2));
  CHECK(*got == std::vector<std::int64_t>{1, 2});
  // One that waits for ever ends with its actor.
  const auto waiting =
      run([&](caf::event_based_actor* self) { take_two(jobs, self, got); });
  CHECK(got.use_count() > 1);
  end(waiting);
  CHECK(got.use_count() == 1);
}

TEST_CASE_FIXTURE(space_fixture, "who waits is answered when the space ends") {
  std::map<std::string, errc> said;
  const auto doomed = actors::spawn_space_shard(system, {});
  actors::space_doors doors{"doomed", spaces::routing{1, {0}}, {}, {}};
  doors.local.push_back(std::make_shared<slot<actors::space_shard_actor>>());
  doors.local[0]->set(doomed);
  doors.client = std::make_shared<slot<actors::space_client_actor>>();
  const space lost{std::make_shared<const actors::space_doors>(doors)};
  run([&](caf::event_based_actor* self) {
    lost.in(self).take(pattern_of("job"), 1h).then([&](auto answer) {
      said["take"] = answer.error().code;
    });
    lost.in(self).read(pattern_of("job"), 1h).then([&](auto answer) {
      said["read"] = answer.error().code;
    });
  });
  CHECK(said.empty());
  end(doomed);
  // What changes something may have been done.
  CHECK(said
        == std::map<std::string, errc>{{"take", errc::timed_out},
                                       {"read", errc::unavailable}});
}

namespace {

/// What matches goes from one space to another, in an actor.
struct carry_fixture : sharded_fixture {
  carry_fixture() : done{start_local_space(system, named("done"))} { drain(); }

  static local_space_options named(const char* name) {
    local_space_options made;
    made.name = name;
    made.shards = 3;
    made.routing_fields = {1};
    return made;
  }

  std::uint64_t count_done() {
    std::swap(jobs, done);
    const auto counted = count();
    std::swap(jobs, done);
    return counted;
  }

  space done;
};

task move_then_copy(space from, space to, caf::event_based_actor* self,
                    std::shared_ptr<std::vector<std::uint64_t>> into) {
  const auto moved =
      co_await from.in(self).move(pattern_of("job-1", any{}), to);
  into->push_back(moved.value_or(0));
  const auto copied = co_await from.in(self).copy(anything(), to);
  into->push_back(copied.value_or(0));
}

} // namespace

TEST_CASE_FIXTURE(carry_fixture, "an actor moves and copies what matches") {
  for (int i = 0; i < 9; ++i)
    write(tuple_of("job-" + std::to_string(i), i));
  std::optional<result<std::uint64_t>> moved;
  run([&](caf::event_based_actor* self) {
    jobs.in(self)
        .move(*spaces::parse_pattern("[_, 3..5]"), done)
        .then([&](auto got) { moved = got; });
  });
  CHECK(moved->value() == 3);
  CHECK(count() == 6);
  CHECK(count_done() == 3);
  const auto got = std::make_shared<std::vector<std::uint64_t>>();
  run([&](caf::event_based_actor* self) {
    move_then_copy(jobs, done, self, got);
  });
  CHECK(*got == std::vector<std::uint64_t>{1, 5});
  CHECK(count() == 5);
  CHECK(count_done() == 9);
}

TEST_CASE_FIXTURE(carry_fixture, "an actor that dies loses no tuple") {
  for (int i = 0; i < 2500; ++i)
    write(tuple_of("job", i));
  auto mover = system.spawn([&](caf::event_based_actor* self) {
    jobs.in(self).move(anything(), done).forget();
    return caf::behavior{[](const std::string&) {}};
  });
  for (int turns = 0; turns < 25; ++turns)
    scheduler.try_run_once();
  end(mover);
  const auto moved = count_done();
  CHECK(moved > 0);
  CHECK(moved < 2500);
  CHECK(count() + moved >= 2500);
  CHECK(count() + moved <= 3500);
}

TEST_CASE_FIXTURE(carry_fixture, "a space is not moved to itself") {
  std::optional<result<std::uint64_t>> moved;
  run([&](caf::event_based_actor* self) {
    jobs.in(self).move(anything(), jobs).then([&](auto got) { moved = got; });
  });
  REQUIRE_FALSE(*moved);
  CHECK(moved->error().code == errc::invalid_argument);
}

namespace {

/// A folder that goes with the test.
struct snapshot_folder {
  snapshot_folder() {
    auto name =
        (std::filesystem::temp_directory_path() / "weft-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    path = name;
  }
  ~snapshot_folder() { std::filesystem::remove_all(path); }

  std::string file(const char* name) const { return path / name; }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator{path}, {}));
  }

  std::filesystem::path path;
};

space local_space(caf::actor_system& system, std::size_t shards) {
  local_space_options options;
  options.shards = shards;
  return start_local_space(system, options);
}

std::vector<std::string> all_texts(const space& of) {
  std::vector<std::string> texts;
  const auto tuples = of.read_all(anything());
  REQUIRE(tuples);
  for (const auto& each : *tuples)
    texts.push_back(spaces::to_text(each));
  std::sort(texts.begin(), texts.end());
  return texts;
}

} // namespace

TEST_CASE("a snapshot is restored into any number of shards") {
  caf::actor_system_config config;
  caf::actor_system system{config};
  const snapshot_folder folder;
  const auto jobs = local_space(system, 2);
  for (int i = 0; i < 3000; ++i)
    REQUIRE(jobs.write(tuple_of("job-" + std::to_string(i), i)));
  REQUIRE(jobs.write(tuple_of("leased"), 1h));
  const auto claimed = jobs.claim(pattern_of("job-7", any{}), 1h, 0s);
  REQUIRE((claimed && *claimed));
  CHECK(jobs.snapshot(folder.file("jobs")).value() == 3001);
  REQUIRE(jobs.release((*claimed)->claim));
  for (const std::size_t shards : {1, 2, 5}) {
    const auto other = local_space(system, shards);
    CHECK(other.restore(folder.file("jobs")).value() == 3001);
    CHECK(all_texts(other) == all_texts(jobs));
  }
  CHECK(folder.files() == 1);
}

TEST_CASE("of a file with mistakes nothing is restored") {
  caf::actor_system_config config;
  caf::actor_system system{config};
  const snapshot_folder folder;
  const auto jobs = local_space(system, 2);
  for (int i = 0; i < 2500; ++i)
    REQUIRE(jobs.write(tuple_of("job", i)));
  REQUIRE(jobs.snapshot(folder.file("jobs")));
  const auto size = std::filesystem::file_size(folder.file("jobs"));
  std::filesystem::resize_file(folder.file("jobs"), size - 1);
  const auto cut = jobs.restore(folder.file("jobs"));
  REQUIRE_FALSE(cut);
  CHECK(cut.error().code == errc::invalid_argument);
  CHECK(cut.error().message.find("cut off") != std::string::npos);
  CHECK(cut.error().message.starts_with(folder.file("jobs")));
  CHECK(jobs.restore(folder.file("none")).error().code == errc::not_found);
  CHECK(jobs.snapshot(folder.file("none/jobs")).error().code
        == errc::not_found);
  CHECK(jobs.count(anything()).value() == 2500);
}

TEST_CASE("threads move tuples to another space") {
  caf::actor_system_config config;
  caf::actor_system system{config};
  const auto from = local_space(system, 4);
  const auto to = local_space(system, 1);
  for (int i = 0; i < 2500; ++i)
    REQUIRE(from.write(tuple_of(i % 9, i)));
  CHECK(from.move(anything(), to).value() == 2500);
  CHECK(from.count(anything()).value() == 0);
  CHECK(to.copy(anything(), from).value() == 2500);
  CHECK(all_texts(from) == all_texts(to));
}

TEST_CASE("threads take what others write") {
  caf::actor_system_config config;
  caf::actor_system system{config};
  const auto jobs = start_local_space(system, space_fixture::options(2));
  std::int64_t sum = 0;
  std::thread taker{[&] {
    for (int i = 0; i < 100; ++i)
      sum += (**jobs.take(pattern_of("job", any{}), 30s))[1].as_i64();
  }};
  for (int i = 0; i < 100; ++i)
    REQUIRE(jobs.write(tuple_of("job", i)));
  taker.join();
  CHECK(sum == 4950);
  std::vector<actors::space_request> batch;
  for (int i = 0; i < 50; ++i)
    batch.push_back({spaces::call::write{{{tuple_of(i), {}}}}, {}});
  CHECK(jobs.perform_all(std::move(batch)).size() == 50);
  CHECK(*jobs.count(anything()) == 50);
}

} // namespace weft

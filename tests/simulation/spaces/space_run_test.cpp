#include "tests/simulation/spaces/run_plans.hpp"
#include "tests/support/random_seed.hpp"
#include "tests/support/sanitized.hpp"

namespace weft::spaces::simulation {

TEST_CASE("an order explains what clients of a cluster see, and none waits for "
          "ever") {
  const auto seed = random_seed();
  std::size_t histories = 0;
  std::size_t undecided = 0;
  std::size_t answered = 0;
  std::size_t unknown = 0;
  for (std::uint64_t i = 0; i < test::fewer_if_sanitized(10'000); ++i) {
    const auto run = run_space(seed + i, short_run(seed + i));
    const auto judged = judge(run, true);
    REQUIRE_MESSAGE(judged.fault.empty(), "WEFT_TEST_SEED=", seed + i, ": ",
                    judged.fault);
    histories += judged.histories;
    undecided += judged.undecided;
    answered += run.answered;
    unknown += run.unknown;
  }
  MESSAGE(histories, " histories, ", undecided, " undecided; ", answered,
          " calls answered, of ", unknown, " the outcome is unknown");
  CHECK(1000 * undecided <= histories);
  CHECK(answered > 20 * unknown);
}

TEST_CASE("no tuple is lost or doubled in a long run with many faults") {
  const auto seed = random_seed();
  for (std::uint64_t i = 0; i < test::fewer_if_sanitized(50); ++i) {
    const auto run = run_space(seed + i, long_run(seed + i));
    const auto fault = judge(run, false).fault;
    REQUIRE_MESSAGE(fault.empty(), "WEFT_TEST_SEED=", seed + i, ": ", fault);
    CHECK(run.answered > 1000);
  }
}

TEST_CASE("a run is the same each time") {
  const auto seed = random_seed();
  const auto one = run_space(seed, short_run(seed));
  const auto other = run_space(seed, short_run(seed));
  REQUIRE(one.histories.size() == other.histories.size());
  for (const auto& [where, history] : one.histories)
    CHECK(history.operations == other.histories.at(where).operations);
}

} // namespace weft::spaces::simulation

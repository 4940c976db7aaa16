#include "actors/space/local_space.hpp"
#include "runtime/module/module.hpp"
#include "spaces/text.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <stdexcept>

namespace weft {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

spaces::tuple square(int x) {
  return spaces::tuple_of("square", x, x * x);
}

result<spaces::tuple> divide(const context& here, int x, int by) {
  if (by == 0)
    return fail(errc::invalid_argument, "nothing is divided by 0");
  return spaces::tuple_of(here.cluster().node, x / by);
}

spaces::tuple throws(caf::blocking_actor* self) {
  throw std::runtime_error(self ? "no fuel" : "no self");
}

/// A module with functions that become tuples of the space "results".
struct evaluation_fixture {
  evaluation_fixture() {
    module_registration module{"math"};
    module.active("square", square, parameter("x"));
    module.active("divide", divide, parameter("x"), parameter("by", 1));
    module.active("throws", throws);
    auto finished = std::move(module).finish();
    REQUIRE(finished);
    types = finished->actors;
    context_services services;
    services.node = "n1";
    auto options = std::make_shared<config::cluster_options>();
    options->nodes.resize(1);
    options->nodes[0].name = "n1";
    services.options = options;
    services.space_of = [this](const std::string&, const std::string& name) {
      return name == "results"
                 ? result<space>{results}
                 : fail(errc::not_found, "there is no space " + name);
    };
    where = context{std::move(services), "math"};
  }

  /// The tuple that the evaluation becomes.
  std::string become(std::size_t which, json arguments,
                     const char* pattern = "[...]") {
    const auto actor = types[which].spawn(
        system, where,
        {{{"space", "results"}, {"key", "k"}, {"arguments", arguments}},
         {},
         "args"},
        {});
    REQUIRE(actor);
    const auto got = results.take(*spaces::parse_pattern(pattern), 30s);
    REQUIRE((got && *got));
    return spaces::to_text(**got);
  }

  std::string mistakes(std::size_t which, json arguments) {
    return config::to_string(
        types[which].check({std::move(arguments), {}, "args"}));
  }

  caf::actor_system_config config;
  caf::actor_system system{config};
  space results = start_local_space(system, {});
  std::vector<modules::actor_type> types;
  context where;
};

} // namespace

TEST_CASE_FIXTURE(evaluation_fixture,
                  "an active tuple becomes what its function returns") {
  CHECK(become(0, {{"x", 7}}) == R"(["square", 7, 49])");
  CHECK(become(0, json::array({3})) == R"(["square", 3, 9])");
  CHECK(become(1, {{"x", 8}, {"by", 4}}) == R"(["n1", 2])");
}

TEST_CASE_FIXTURE(evaluation_fixture,
                  "an evaluation that fails becomes a tuple that says so") {
  CHECK(become(1, {{"x", 8}, {"by", 0}})
        == R"(["eval failed", "k", "math.divide", "invalid_argument", )"
           R"("nothing is divided by 0"])");
  const auto thrown = become(2, nullptr, R"(["eval failed", "k", ...])");
  CHECK_MESSAGE(thrown.find("no fuel") != std::string::npos, thrown);
}

TEST_CASE_FIXTURE(evaluation_fixture,
                  "wrong arguments are found before anything is started") {
  CHECK(mistakes(0, {{"space", "results"}, {"arguments", {{"x", 7}}}}) == "");
  CHECK(mistakes(0, {{"space", "results"}, {"arguments", {{"y", 7}}}})
            .find("args.arguments")
        != std::string::npos);
  CHECK(mistakes(0, {{"arguments", {{"x", 7}}}}).find("space")
        != std::string::npos);
  CHECK(mistakes(2, {{"space", "results"}}) == "");
}

} // namespace weft

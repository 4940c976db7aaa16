#include "apps/byzantine/actors/council_reports.hpp"
#include "apps/byzantine/actors/type_ids.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/caf/system_config.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <vector>

namespace weft::byzantine::test {

namespace {

using namespace std::chrono_literals;

/// What a general that a test made up does when it is told to begin.
enum class conduct { report, die, refuse, say_nothing };

general_actor::behavior_type made_up_general(general_actor::pointer self,
                                             general_id who, conduct how) {
  return {[=](start_atom) -> caf::result<general_report> {
            switch (how) {
            case conduct::report:
              return general_report{.general = who,
                                    .attacks = true,
                                    .messages = 2,
                                    .trouble = ""};
            case conduct::refuse:
              return to_caf({errc::exhausted, "the space is full"});
            case conduct::die:
              self->quit(caf::exit_reason::kill);
              break;
            case conduct::say_nothing:
              break;
            }
            return self->make_response_promise<general_report>();
          },
          [](actors::hop& work) { work.run(); }};
}

struct reporting {
  system_config config;
  caf::actor_system system{config};
  std::vector<general_actor> generals;

  explicit reporting(const std::vector<conduct>& all) {
    for (general_id who = 0; who < all.size(); ++who)
      generals.push_back(system.spawn(made_up_general, who, all[who]));
  }
  ~reporting() {
    for (const auto& one : generals)
      caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
  }

  result<council_reports> ask(const report_times& times,
                              const std::function<bool()>& cancelled = {}) {
    return ask_for_reports(system, generals, times, cancelled);
  }
};

constexpr report_times patient{.first = 1min, .others = 1min};

} // namespace

TEST_CASE("the reports of all generals come together") {
  reporting all{{conduct::report, conduct::report, conduct::report}};
  const auto came = all.ask(patient);
  REQUIRE(came);
  CHECK(came->told.size() == 3);
  CHECK(came->told.at(2).general == 2);
  CHECK(came->lost.empty());
}

TEST_CASE("a general that dies is lost at once, and the others are heard") {
  reporting all{{conduct::report, conduct::die, conduct::report}};
  const auto came = all.ask(patient);
  REQUIRE(came);
  CHECK(came->told.size() == 2);
  CHECK(came->lost == std::set<general_id>{1});
}

TEST_CASE("a general that says nothing is waited for no longer than stated") {
  reporting some{{conduct::say_nothing, conduct::report}};
  auto came = some.ask({.first = 1min, .others = 1ms});
  REQUIRE(came);
  CHECK(came->told.size() == 1);
  CHECK(came->lost == std::set<general_id>{0});

  reporting none{{conduct::say_nothing, conduct::say_nothing}};
  came = none.ask({.first = 1ms, .others = 1min});
  REQUIRE(came);
  CHECK(came->told.empty());
  CHECK(came->lost == std::set<general_id>{0, 1});
}

TEST_CASE("a general that cannot go on ends it for all") {
  reporting all{{conduct::say_nothing, conduct::refuse}};
  const auto came = all.ask(patient);
  REQUIRE(!came);
  CHECK(came.error() == failure{errc::exhausted, "the space is full"});
}

TEST_CASE("waiting for reports can be cancelled") {
  reporting all{{conduct::say_nothing}};
  std::atomic<bool> cancelled = true;
  const auto came = all.ask(patient, [&] { return cancelled.load(); });
  REQUIRE(!came);
  CHECK(came.error().code == errc::cancelled);
}

} // namespace weft::byzantine::test

#include "runtime/node/factory_seams.hpp"
#include "tests/unit/supervision/supervisor_fixture.hpp"

#include <doctest/doctest.h>

namespace weft {

namespace {

/// The seams of a node whose module hello has one child, ada.
struct seams_fixture : supervision::test::supervised {
  seams_fixture() {
    services->name = "n1";
    supervision::supervisor_options options;
    options.path = "n1/hello";
    options.children = {child("ada")};
    begin(std::move(options));
    services->modules["hello"].set(top);
  }

  result<bool> stop(const std::string& path) {
    result<bool> answer = fail(errc::internal, "no answer");
    seams.stop_child(path, [&](result<bool> got) { answer = std::move(got); });
    drain();
    return answer;
  }

  std::shared_ptr<node_services> services = std::make_shared<node_services>();
  actors::factory_seams seams = make_factory_seams(system, services, context{});
};

} // namespace

TEST_CASE_FIXTURE(seams_fixture,
                  "a child is stopped for good once, and gone from then on") {
  CHECK(stop("n1/hello/ada") == true);
  CHECK(stop("n1/hello/ada") == false);
  CHECK(stop("n1/hello/bob") == false);
}

TEST_CASE_FIXTURE(seams_fixture,
                  "a child cannot be stopped while its supervisor is away") {
  services->modules["hello"].set({});
  CHECK(stop("n1/hello/ada").error().code == errc::unavailable);
  CHECK(stop("n1/hullo/ada").error().code == errc::not_found);
  CHECK(stop("n2/hello/ada").error().code == errc::not_found);
}

} // namespace weft

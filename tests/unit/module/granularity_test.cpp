#include "runtime/module/granularity.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace weft {

namespace {

using namespace std::chrono_literals;

const granularity_meter::clock::time_point start{1h};

} // namespace

TEST_CASE("time is divided between computing and coordinating") {
  granularity_meter meter{start};
  meter.enter(job_phase::compute, start + 1s);
  meter.enter(job_phase::coordinate, start + 7s);
  meter.enter(job_phase::other, start + 9s);
  const auto report = meter.report(start + 20s);
  CHECK(report["compute_seconds"] == 6.0);
  CHECK(report["coordinate_seconds"] == 2.0);
  CHECK(report["ratio"] == 3.0);
}

TEST_CASE("an inner phase's time is not the outer one's") {
  granularity_meter meter{start};
  const auto before = meter.enter(job_phase::compute, start);
  const auto outer = meter.enter(job_phase::coordinate, start + 3s);
  CHECK(outer == job_phase::compute);
  meter.enter(outer, start + 4s);
  meter.enter(before, start + 5s);
  const auto report = meter.report(start + 5s);
  CHECK(report["compute_seconds"] == 4.0);
  CHECK(report["coordinate_seconds"] == 1.0);
}

TEST_CASE("a job that marks nothing as compute computes between its waits") {
  granularity_meter meter{start};
  meter.enter(job_phase::coordinate, start + 3s);
  meter.enter(job_phase::other, start + 4s);
  const auto report = meter.report(start + 5s);
  CHECK(report["compute_seconds"] == 4.0);
  CHECK(report["ratio"] == 4.0);
}

TEST_CASE("without coordination there is no ratio") {
  const granularity_meter meter{start};
  CHECK(meter.report(start + 1s)["ratio"].is_null());
}

} // namespace weft

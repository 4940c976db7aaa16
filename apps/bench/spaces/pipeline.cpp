#include "apps/bench/spaces/pipeline.hpp"

#include "apps/bench/bench_system.hpp"
#include "runtime/node/space_bench.hpp"

#include <algorithm>
#include <future>
#include <utility>
#include <vector>

namespace weft::bench {

namespace {

using std::chrono::steady_clock;
using answers = std::vector<spaces::space_answer>;
using calls = std::vector<actors::space_request>;

/// What the coroutines of an actor have in common.
struct pipeline {
  std::vector<bench_job> jobs;
  std::uint64_t left = 0;
  std::size_t running = pipeline_batches;
  result<void> outcome;
  std::promise<result<void>> done;
};

using shared_pipeline = std::shared_ptr<pipeline>;

/// The failure of the first call that failed or found nothing.
template <class Reply>
result<void> check_all(const answers& got) {
  for (const auto& each : got) {
    if (const auto* why = std::get_if<failure>(&each.what))
      return tl::unexpected(*why);
    const auto* good = std::get_if<Reply>(&each.what);
    bool complete = good != nullptr;
    if constexpr (std::is_same_v<Reply, spaces::reply::found>)
      complete = complete && !good->tuples.empty();
    if (!complete)
      return fail(errc::internal, "a tuple was gone");
  }
  return {};
}

calls writes_of(std::span<const bench_job> jobs) {
  calls made;
  made.reserve(jobs.size());
  for (const auto& job : jobs) {
    spaces::call::write call;
    call.tuples.push_back({job.what, {}});
    made.push_back({std::move(call), {}});
  }
  return made;
}

calls takes_of(std::span<const bench_job> jobs) {
  calls made;
  made.reserve(jobs.size());
  for (const auto& job : jobs)
    made.push_back(
        {spaces::call::take{job.with, std::chrono::seconds{0}, {}}, {}});
  return made;
}

/// One batch, again and again.
task use_in_batches(space where, caf::event_based_actor* self,
                    shared_pipeline all, std::size_t which) {
  const std::span<const bench_job> jobs{&all->jobs[which * pipeline_batch],
                                        pipeline_batch};
  while (all->outcome && all->left > 0) {
    auto writing = where.in(self).perform_all(writes_of(jobs));
    const auto written = co_await std::move(writing);
    auto right = check_all<spaces::reply::written>(written);
    if (right) {
      auto taking = where.in(self).perform_all(takes_of(jobs));
      const auto taken = co_await std::move(taking);
      right = check_all<spaces::reply::found>(taken);
    }
    if (!right)
      all->outcome = std::move(right);
    all->left -= std::min<std::uint64_t>(all->left, 2 * pipeline_batch);
  }
  if (--all->running > 0)
    co_return;
  all->done.set_value(std::move(all->outcome));
  self->quit();
}

result<void> run_pipeline(caf::actor_system& system, const space& where,
                          std::uint64_t count) {
  const auto all = std::make_shared<pipeline>();
  for (std::size_t i = 0; i < pipeline_batches * pipeline_batch; ++i)
    all->jobs.push_back(
        make_bench_job({}, "bench", static_cast<std::int64_t>(i)));
  all->left = count;
  auto outcome = all->done.get_future();
  system.spawn([where, all](caf::event_based_actor* self) {
    for (std::size_t which = 0; which < pipeline_batches; ++which)
      use_in_batches(where, self, all, which);
  });
  auto ended = await(std::move(outcome), "a pipeline");
  if (!ended)
    return pass_on(ended);
  return *ended;
}

} // namespace

result<double> measure_pipeline(caf::actor_system& system, const space& where,
                                std::uint64_t count) {
  if (auto warm = run_pipeline(system, where, count / 8 + 1); !warm)
    return pass_on(warm);
  const auto begun = steady_clock::now();
  if (auto done = run_pipeline(system, where, count); !done)
    return pass_on(done);
  const std::chrono::duration<double> spent = steady_clock::now() - begun;
  return static_cast<double>(count) / spent.count();
}

} // namespace weft::bench

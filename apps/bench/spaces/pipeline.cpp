#include "apps/bench/spaces/pipeline.hpp"

#include "apps/bench/bench_system.hpp"
#include "runtime/node/space_bench.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace weft::bench {

namespace {

using std::chrono::steady_clock;

/// Told apart from the users that handles and actors are.
constexpr std::uint64_t pipeline_user = std::uint64_t{1} << 61;

/// One way to use the space from its start until enough is answered. The
/// answers come in the thread of the client's actor, which sends what follows.
class pipeline_run : public std::enable_shared_from_this<pipeline_run> {
public:
  pipeline_run(shared_doors where, std::uint64_t count)
      : where_{std::move(where)}, left_{count} {
    for (std::size_t i = 0; i < pipeline_batches * pipeline_batch; ++i)
      jobs_.push_back(
          make_bench_job({}, "bench", static_cast<std::int64_t>(i)));
  }

  std::future<result<void>> start() {
    auto outcome = done_.get_future();
    for (std::size_t which = 0; which < pipeline_batches; ++which)
      write(which);
    return outcome;
  }

private:
  using answers = std::vector<spaces::space_answer>;
  using handler = void (pipeline_run::*)(std::size_t, const answers&);

  template <class MakeCall>
  void submit(std::size_t which, handler then, MakeCall make) {
    std::vector<actors::space_request> calls;
    calls.reserve(pipeline_batch);
    for (std::size_t i = 0; i < pipeline_batch; ++i)
      calls.push_back({make(jobs_[which * pipeline_batch + i]), {}});
    actors::submit(*where_, {pipeline_user, {}}, std::move(calls),
                   [self = shared_from_this(), which, then](answers got) {
                     (self.get()->*then)(which, got);
                   });
  }

  void write(std::size_t which) {
    submit(which, &pipeline_run::on_written, [](const bench_job& job) {
      spaces::call::write call;
      call.tuples.push_back({job.what, {}});
      return spaces::any_call{std::move(call)};
    });
  }

  void take(std::size_t which) {
    submit(which, &pipeline_run::on_taken, [](const bench_job& job) {
      return spaces::any_call{
          spaces::call::take{job.with, std::chrono::seconds{0}, {}}};
    });
  }

  void on_written(std::size_t which, const answers& got) {
    for (const auto& each : got)
      if (!std::holds_alternative<spaces::reply::written>(each.what))
        return give_up(each);
    if (answered(got.size(), false))
      take(which);
  }

  void on_taken(std::size_t which, const answers& got) {
    for (const auto& each : got) {
      const auto* found = std::get_if<spaces::reply::found>(&each.what);
      if (!found || found->tuples.empty())
        return give_up(each);
    }
    if (answered(got.size(), true))
      write(which);
  }

  /// Whether the batch goes on; it ends only when all is taken.
  bool answered(std::size_t calls, bool may_end) {
    std::lock_guard guard{mutex_};
    left_ -= std::min<std::uint64_t>(left_, calls);
    if (left_ > 0 || !may_end)
      return !failed_;
    if (++ended_ == pipeline_batches && !failed_)
      done_.set_value({});
    return false;
  }

  void give_up(const spaces::space_answer& on) {
    std::lock_guard guard{mutex_};
    if (std::exchange(failed_, true))
      return;
    const auto* why = std::get_if<failure>(&on.what);
    done_.set_value(why ? tl::unexpected(*why)
                        : fail(errc::internal, "a tuple was gone"));
  }

  shared_doors where_;
  std::vector<bench_job> jobs_;
  std::promise<result<void>> done_;
  std::mutex mutex_;
  std::uint64_t left_;
  std::size_t ended_ = 0;
  bool failed_ = false;
};

result<void> run_pipeline(const shared_doors& where, std::uint64_t count) {
  auto outcome = await(std::make_shared<pipeline_run>(where, count)->start(),
                       "a pipeline");
  if (!outcome)
    return pass_on(outcome);
  return *outcome;
}

} // namespace

result<double> measure_pipeline(const shared_doors& where,
                                std::uint64_t count) {
  if (auto warm = run_pipeline(where, count / 8 + 1); !warm)
    return pass_on(warm);
  const auto begun = steady_clock::now();
  if (auto done = run_pipeline(where, count); !done)
    return pass_on(done);
  const std::chrono::duration<double> spent = steady_clock::now() - begun;
  actors::leave(*where, {pipeline_user, {}});
  return static_cast<double>(count) / spent.count();
}

} // namespace weft::bench

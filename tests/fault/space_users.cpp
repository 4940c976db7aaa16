// Clients of a tuple space that write down what they do and are told, for a
// test that kills their processes.
#include "actors/space/space.hpp"
#include "tests/fault/history_recorder.hpp"
#include "tests/fault/space_workload.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <weft/weft.hpp>

namespace weft::fault {

namespace {

using namespace std::chrono_literals;

constexpr auto space_name = "items";

bool is_told_to_end(caf::blocking_actor* self) {
  bool told = false;
  self->receive([&](const caf::exit_msg&) { told = true; },
                caf::after(0s) >> [] {});
  return told;
}

struct user_options {
  std::string folder;
  std::uint64_t seed = 1;
  std::size_t batch = 1;
  std::chrono::nanoseconds lease{0};
};

/// One client from its first call to its last.
class space_user {
public:
  space_user(space where, const user_options& options)
      : where_{std::move(where)}, recorder_{{.folder = options.folder,
                                             .groups = tuples_.groups,
                                             .lease = options.lease}},
        workload_{recorder_.number(),
                  {options.seed, tuples_, options.batch, options.lease}} {}

  void work() { carry_out(workload_.plan_batch()); }

  void end() {
    carry_out(workload_.plan_end());
    recorder_.close();
  }

private:
  void carry_out(std::vector<planned_call> plan) {
    const auto calls = records_of(plan);
    recorder_.ask(calls);
    const auto answers = where_.perform_all(requests_of(std::move(plan)));
    recorder_.answer(workload_.note(calls, answers));
  }

  tuple_groups tuples_;
  space where_;
  history_recorder recorder_;
  space_workload workload_;
};

/// Works until the file `stop` is in the folder.
void use_space(caf::blocking_actor* self, const weft::context& where,
               const std::string& folder, std::uint64_t seed,
               std::uint64_t batch, std::chrono::milliseconds lease) {
  auto items = where.space(space_name);
  if (!items)
    throw std::runtime_error{to_string(items.error())};
  space_user user{*std::move(items), {folder, seed, batch, lease}};
  const auto stop = std::filesystem::path{folder} / "stop";
  while (!std::filesystem::exists(stop)) {
    if (is_told_to_end(self))
      return;
    user.work();
  }
  user.end();
}

/// Takes what there is, once from each bucket of each group; how many tuples
/// that were.
std::size_t take_a_round(const space& from, history_recorder& recorder,
                         const tuple_groups& tuples) {
  std::vector<planned_call> plan;
  for (unsigned group = 0; group < tuples.groups; ++group)
    for (unsigned bucket = 0; bucket < tuples.buckets; ++bucket)
      plan.push_back(plan_take(static_cast<std::uint8_t>(group),
                               static_cast<std::uint8_t>(bucket)));
  recorder.ask(records_of(plan));
  std::vector<checkers::record> answers;
  for (const auto& each : from.perform_all(requests_of(std::move(plan))))
    answers.push_back(record_of(each));
  recorder.answer(answers);
  return static_cast<std::size_t>(std::ranges::count_if(
      answers, [](const auto& each) { return each.value != 0; }));
}

struct shard_sums {
  /// What is there, claimed or not.
  std::uint64_t tuples = 0;
  std::uint64_t handed_off = 0;
};

shard_sums sums_of(job& run, const space& of) {
  shard_sums sums;
  for (const auto& each : run.require(of.statistics())) {
    sums.tuples += each.index.tuples + each.claims;
    sums.handed_off += each.handed_off;
  }
  return sums;
}

/// Takes all tuples, and waits for those that are still claimed.
nlohmann::json drain(job& run, const std::string& folder) {
  const tuple_groups tuples;
  const auto items = run.require(run.context().space(space_name));
  history_recorder recorder{
      {.folder = folder, .groups = tuples.groups, .drains = true}};
  std::uint64_t taken = 0;
  while (sums_of(run, items).tuples > 0) {
    const auto more = take_a_round(items, recorder, tuples);
    taken += more;
    if (more == 0 && !run.pause(10ms))
      throw job_failed{{errc::cancelled, "the space was not empty in time"}};
  }
  recorder.close();
  return {{"taken", taken}, {"handed_off", sums_of(run, items).handed_off}};
}

} // namespace

} // namespace weft::fault

WEFT_MODULE(space_users) {
  module.actor("user", weft::fault::use_space, weft::parameter("folder"),
               weft::parameter("seed"), weft::parameter("batch"),
               weft::parameter("lease"));
  module.job("drain", weft::fault::drain, weft::parameter("folder"));
}

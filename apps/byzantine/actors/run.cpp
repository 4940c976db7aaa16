#include "apps/byzantine/actors/run.hpp"

#include "actors/space/local_space.hpp"
#include "apps/byzantine/actors/council_reports.hpp"
#include "apps/byzantine/actors/general.hpp"
#include "apps/byzantine/post/relay_tuple.hpp"
#include "runtime/caf/system_config.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace weft::byzantine {

namespace {

using namespace std::chrono_literals;

/// What the first general to report may take beyond the deadlines of its
/// rounds: to read its mail, verify signatures and decide.
constexpr std::chrono::nanoseconds report_grace = 1min;

/// Tuples that are removed at once.
constexpr std::size_t sweep_batch = 1000;

/// The generals of a run; all of them end with it.
class council {
public:
  council() = default;
  ~council() {
    for (const auto& one : generals_)
      caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
  }
  council(const council&) = delete;
  council& operator=(const council&) = delete;

  result<void> muster(const plan& what, const campaign_place& where) {
    for (general_id who = 0; who < what.generals; ++who) {
      auto one = where.start(who);
      if (!one)
        return pass_on(one);
      generals_.push_back(*std::move(one));
    }
    return {};
  }

  const std::vector<general_actor>& generals() const { return generals_; }

private:
  std::vector<general_actor> generals_;
};

void add(campaign_result& came, const general_report& report) {
  auto& how = came.how;
  how.decisions[report.general] =
      report.attacks ? order::attack : order::retreat;
  how.messages += report.messages;
  how.rejected_signatures += report.rejected_signatures;
  came.overdue_rounds = std::max(came.overdue_rounds, report.overdue_rounds);
  if (came.trouble.empty())
    came.trouble = report.trouble;
}

campaign_result judged(const plan& what, council_reports reports) {
  campaign_result came;
  came.how.rounds = what.rounds();
  for (const auto& [who, report] : reports.told)
    add(came, report);
  came.lost = std::move(reports.lost);
  auto faulty = what;
  faulty.traitors.insert(came.lost.begin(), came.lost.end());
  judge(faulty, came.how);
  return came;
}

result<campaign_result> agree(caf::actor_system& system, const council& all,
                              const plan& what, const campaign_place& where) {
  const report_times times{.first = (what.rounds() + 1) * where.deadline
                                    + report_grace,
                           .others = where.deadline};
  auto reports =
      ask_for_reports(system, all.generals(), times, where.cancelled);
  if (!reports)
    return pass_on(reports);
  if (reports->told.empty())
    return fail(errc::unavailable, "no general has reported");
  return judged(what, *std::move(reports));
}

/// Removes what is left of a run; answers how much that was. What cannot be
/// reached now goes by its lease.
std::uint64_t sweep(const plan& what, const space& mail) {
  std::uint64_t removed = 0;
  for (;;) {
    auto some = mail.take_all(mail_of(what.instance), sweep_batch);
    if (!some || some->empty())
      return removed;
    removed += some->size();
  }
}

} // namespace

result<campaign_result> run_campaign(caf::actor_system& system,
                                     const plan& what,
                                     const campaign_place& where) {
  using clock = std::chrono::steady_clock;
  council all;
  if (auto mustered = all.muster(what, where); !mustered)
    return pass_on(mustered);
  const auto begin = clock::now();
  auto came = agree(system, all, what, where);
  const auto left_over = sweep(what, where.mail);
  if (!came)
    return came;
  came->left_over = left_over;
  came->seconds = std::chrono::duration<double>(clock::now() - begin).count();
  return came;
}

result<campaign_result> run_here(const plan& what,
                                 std::chrono::nanoseconds deadline) {
  system_config config;
  caf::actor_system system{config};
  const auto mail = start_local_space(
      system,
      {.name = "byzantine", .routing_fields = {recipient_field}, .limits = {}});
  return run_campaign(
      system, what,
      {.mail = mail,
       .deadline = deadline,
       .start = [&](general_id who) -> result<general_actor> {
         return spawn_general(system, mail, {who, what, deadline});
       },
       .cancelled = {}});
}

} // namespace weft::byzantine

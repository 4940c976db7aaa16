#include "apps/byzantine/actors/council_reports.hpp"

#include "runtime/caf/error.hpp"

#include <future>
#include <memory>
#include <utility>

namespace weft::byzantine {

namespace {

using namespace std::chrono_literals;

/// How often a wait looks whether it is cancelled.
constexpr std::chrono::milliseconds look_interval = 100ms;

using reports_promise = std::promise<result<council_reports>>;

/// Whom a general's silence tells of: it is dead, or cannot be reached.
bool is_loss(const failure& why) {
  return why.code == errc::timed_out || why.code == errc::unavailable
         || why.code == errc::cancelled;
}

/// Asks all generals at once and answers when all are heard or given up.
class herald : public std::enable_shared_from_this<herald> {
public:
  herald(caf::event_based_actor* self, std::vector<general_actor> generals,
         const report_times& times, std::shared_ptr<reports_promise> answer)
      : self_{self}, generals_{std::move(generals)}, times_{times},
        answer_{std::move(answer)} {}

  void ask_all() {
    for (general_id who = 0; who < generals_.size(); ++who) {
      monitors_.watch(self_, generals_[who],
                      [this, who](const caf::error&) { lose(who); });
      request(self_, generals_[who], times_.first, start_atom_v)
          .then([me = shared_from_this(),
                 who](const general_report& report) { me->hear(who, report); },
                [me = shared_from_this(), who](const caf::error& why) {
                  me->miss(who, from_caf(why));
                });
    }
  }

private:
  void hear(general_id who, const general_report& report) {
    if (reports_.told.empty())
      actors::run_after(self_, times_.others,
                        [weak = weak_from_this()] { lose_rest(weak); });
    if (!reports_.lost.contains(who))
      reports_.told[who] = report;
    finish_if_complete();
  }

  void miss(general_id who, const failure& why) {
    if (is_loss(why))
      lose(who);
    else
      finish(tl::unexpected(why));
  }

  void lose(general_id who) {
    if (!reports_.told.contains(who))
      reports_.lost.insert(who);
    finish_if_complete();
  }

  static void lose_rest(const std::weak_ptr<herald>& weak) {
    const auto me = weak.lock();
    if (!me)
      return;
    for (general_id who = 0; who < me->generals_.size(); ++who)
      me->lose(who);
  }

  void finish_if_complete() {
    if (reports_.told.size() + reports_.lost.size() == generals_.size())
      finish(std::move(reports_));
  }

  void finish(result<council_reports> outcome) {
    if (finished_)
      return;
    finished_ = true;
    answer_->set_value(std::move(outcome));
    self_->quit();
  }

  caf::event_based_actor* self_;
  std::vector<general_actor> generals_;
  report_times times_;
  std::shared_ptr<reports_promise> answer_;
  monitors monitors_;
  council_reports reports_;
  bool finished_ = false;
};

caf::behavior run_herald(caf::event_based_actor* self,
                         const std::vector<general_actor>& generals,
                         const report_times& times,
                         const std::shared_ptr<reports_promise>& answer) {
  auto me = std::make_shared<herald>(self, generals, times, answer);
  me->ask_all();
  return {[me](actors::hop& work) { work.run(); }};
}

} // namespace

result<council_reports> ask_for_reports(
    caf::actor_system& system, const std::vector<general_actor>& generals,
    const report_times& times, const std::function<bool()>& cancelled) {
  auto answer = std::make_shared<reports_promise>();
  auto reports = answer->get_future();
  const auto asking = system.spawn(run_herald, generals, times, answer);
  while (reports.wait_for(look_interval) != std::future_status::ready)
    if (cancelled && cancelled()) {
      caf::anon_send_exit(asking, caf::exit_reason::user_shutdown);
      return fail(errc::cancelled, "the run was cancelled");
    }
  return reports.get();
}

} // namespace weft::byzantine

#include "runtime/caf/system_config.hpp"
#include "tests/unit/supervision/supervisor_fixture.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <optional>

/// Supervisors on CAF's real scheduler: the subject is that threads change
/// nothing, and that an actor system can be left.
namespace weft::supervision::test {

namespace {

struct threaded_config : system_config {
  threaded_config() : system_config{two_threads()} {
    add_types<caf::id_block::weft_supervision>(*this);
  }
  static system_options two_threads() {
    system_options result;
    result.threads = 2;
    return result;
  }
};

/// Counts starts, ends and what lives at most at a time.
struct tally {
  std::atomic<int> started{0};
  std::atomic<int> alive{0};
  std::atomic<int> at_once{0};
};

/// Counts an incarnation until its actor's state is destroyed, which is before
/// CAF tells any monitor.
class living {
public:
  explicit living(std::shared_ptr<tally> all) : all_{std::move(all)} {
    const int now = ++all_->alive;
    for (int most = all_->at_once; now > most;)
      if (all_->at_once.compare_exchange_weak(most, now))
        break;
  }
  living(const living&) = delete;
  living& operator=(const living&) = delete;
  ~living() { --all_->alive; }

private:
  std::shared_ptr<tally> all_;
};

using counted_actor = caf::stateful_actor<std::optional<living>>;

child_spec counted(const std::string& id, const std::shared_ptr<tally>& all,
                   int crashes) {
  child_spec result;
  result.id = id;
  result.start = start_now([all, crashes](caf::event_based_actor& above) {
    const auto number = ++all->started;
    auto actor = above.spawn([=](counted_actor* self) {
      self->state.emplace(all);
      explain_exceptions(self);
      if (number <= crashes)
        send(self, self, crash);
      return worker(self);
    });
    return caf::actor_cast<caf::strong_actor_ptr>(actor);
  });
  return result;
}

supervisor_options crashing(const std::shared_ptr<tally>& all, int crashes) {
  supervisor_options result;
  result.path = "n2";
  result.policy.intensity = 1000;
  result.policy.strategy = strategy::one_for_all;
  result.children = {counted("a", all, crashes), counted("b", all, crashes)};
  return result;
}

} // namespace

TEST_CASE("on threads, no child has two living incarnations") {
  const auto all = std::make_shared<tally>();
  threaded_config config;
  caf::actor_system system{config};
  auto top = spawn_supervisor(system, crashing(all, 200));
  REQUIRE(top);
  caf::scoped_actor self{system};
  bool quiet = false;
  for (int i = 0; i < 10'000 && !quiet; ++i)
    self->request(*top, 10s, list_children{})
        .receive(
            [&](const std::vector<child_info>& list) {
              quiet = all->started > 200 && list.size() == 2
                      && list[0].state == child_state::running
                      && list[1].state == child_state::running;
            },
            [](const caf::error& error) { FAIL(describe_exit(error)); });
  CHECK(quiet);
  self->request(*top, 10s, stop_supervisor{})
      .receive(
          [](const supervisor_stopped& it) { CHECK(it.abandoned.empty()); },
          [](const caf::error& error) { FAIL(describe_exit(error)); });
  CHECK(all->at_once == 2);
  CHECK(all->alive == 0);
}

TEST_CASE("an actor system can be left after its supervisor was killed") {
  const auto all = std::make_shared<tally>();
  {
    threaded_config config;
    caf::actor_system system{config};
    auto options = crashing(all, 0);
    std::promise<void> done;
    options.observer = [&, seen = 0](const supervision_event& event) mutable {
      if (event.kind == event_kind::started && ++seen == 2)
        done.set_value();
    };
    auto top = spawn_supervisor(system, std::move(options));
    REQUIRE(top);
    REQUIRE(done.get_future().wait_for(60s) == std::future_status::ready);
    caf::anon_send_exit(*top, caf::exit_reason::kill);
  }
  CHECK(all->started == 2);
  CHECK(all->alive == 0);
}

} // namespace weft::supervision::test

#include "actors/cluster/cluster_supervisor.hpp"
#include "actors/type_ids.hpp"
#include "runtime/supervision/type_ids.hpp"
#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

/// A membership that says what the test tells it to say.
struct fake_membership_state {
  static inline const char* name = "fake.membership";
  caf::strong_actor_ptr watcher;
};

membership_actor::behavior_type
fake_membership(membership_actor::stateful_pointer<fake_membership_state> self,
                std::shared_ptr<caf::strong_actor_ptr> watcher) {
  return {
      [watcher](const watch_members& what) {
        *watcher = what.watcher;
        return std::uint64_t{1};
      },
      [](const list_members&) { return std::vector<member>{}; },
      [](const explain_member&) { return std::vector<evidence>{}; },
      [self](const leave_cluster&) {
        self->quit();
        return std::uint64_t{0};
      },
  };
}

/// n1 carries the cluster supervisor of n1, n2 and n3:
///
///     n1/cluster ── watch
///                ├─ n2
///                └─ n3
class cluster_fixture
    : public test::deterministic_system_with<caf::id_block::weft_supervision,
                                             caf::id_block::weft_actors> {
public:
  explicit cluster_fixture(std::chrono::seconds ready_timeout = 10s,
                           std::chrono::seconds return_timeout = 2s) {
    membership = system.spawn(fake_membership, watcher);
    cluster_supervisor_options options;
    options.path = "n1/cluster";
    options.self = "n1";
    options.nodes = {"n2", "n3"};
    options.policy.intensity = 2;
    options.policy.period = 60s;
    options.ready_timeout = ready_timeout;
    options.return_timeout = return_timeout;
    options.observer = [this](const supervision::supervision_event& event) {
      if (event.kind == supervision::event_kind::gave_up)
        gave_up = event.reason;
    };
    process_starter starter;
    starter.exists = true;
    starter.start = [this](const std::string& node, const std::string&,
                           pid_t replaces, auto done) {
      starts.push_back(node + (replaces ? "!" : ""));
      done(replaces ? result<void>{} : answer);
    };
    starter.process_of = [](const std::string&, auto done) { done(pid_t{7}); };
    supervision::supervisor_options root;
    root.path = "n1";
    root.children.push_back(cluster_supervisor_child(
        std::move(options), std::move(starter), [this] { return membership; },
        handles));
    top = *supervision::spawn_supervisor(system, std::move(root));
    drain();
  }

  ~cluster_fixture() {
    caf::anon_send_exit(top, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(membership, caf::exit_reason::user_shutdown);
    *watcher = nullptr;
    handles->supervisor.set({});
    handles->watch.set({});
    drain();
    // Children whose start is under way are waited for, within limits.
    for (int i = 0; i < 10; ++i)
      advance(5s);
  }

  void says(const std::string& node, member_state what,
            std::uint64_t session = 1) {
    post(caf::actor_cast<member_watcher>(*watcher),
         member_event{node, what, "connection lost", 1, session, 0});
    drain();
  }

  std::string state_of(const std::string& node) {
    const auto children = ask<std::vector<supervision::child_info>>(
        handles->supervisor.get(), supervision::list_children{});
    if (!children)
      return "no supervisor";
    const auto found =
        std::ranges::find(*children, node, &supervision::child_info::id);
    return std::string{supervision::to_string(found->state)};
  }

  std::shared_ptr<caf::strong_actor_ptr> watcher =
      std::make_shared<caf::strong_actor_ptr>();
  std::shared_ptr<cluster_handles> handles =
      std::make_shared<cluster_handles>();
  membership_actor membership;
  supervision::local_supervisor_actor top;
  result<void> answer;
  std::vector<std::string> starts;
  std::string gave_up;
};

/// Where a process has less time to be ready than a lost one to come back.
struct impatient_cluster : cluster_fixture {
  impatient_cluster() : cluster_fixture{1s, 5s} {}
};

} // namespace

TEST_CASE_FIXTURE(cluster_fixture,
                  "a node runs in the tree from when it is up") {
  CHECK(state_of("n2") == "stopped");
  says("n2", member_state::up);
  CHECK(state_of("n2") == "running");
  CHECK(state_of("n3") == "stopped");
  CHECK(starts.empty());
}

TEST_CASE_FIXTURE(cluster_fixture, "a lost node is started again") {
  says("n2", member_state::up);
  says("n2", member_state::down);
  CHECK(starts == std::vector<std::string>{"n2"});
  CHECK(state_of("n2") != "running");
  says("n2", member_state::back, 2);
  CHECK(state_of("n2") == "running");
}

TEST_CASE_FIXTURE(
    cluster_fixture,
    "the launcher's report of an exit counts before the network's") {
  says("n2", member_state::up);
  post(handles->watch.get(), node_exited{"n2", "killed by SIGKILL"});
  drain();
  CHECK(starts == std::vector<std::string>{"n2"});
  // What the network says later of the same process changes nothing.
  says("n2", member_state::down);
  says("n2", member_state::up);
  CHECK(starts.size() == 1);
  CHECK(state_of("n2") != "running");
  says("n2", member_state::back, 2);
  CHECK(state_of("n2") == "running");
}

TEST_CASE_FIXTURE(cluster_fixture,
                  "a node that leaves in good order is not started again") {
  says("n2", member_state::up);
  says("n2", member_state::left);
  CHECK(starts.empty());
  CHECK(state_of("n2") == "stopped");
}

TEST_CASE_FIXTURE(cluster_fixture,
                  "a process that runs and does not come back is replaced") {
  answer = fail(errc::already_exists, "it runs");
  says("n2", member_state::up);
  says("n2", member_state::down);
  CHECK(starts == std::vector<std::string>{"n2"});
  advance(3s);
  CHECK(starts == std::vector<std::string>{"n2", "n2!"});
  says("n2", member_state::back, 2);
  CHECK(state_of("n2") == "running");
}

TEST_CASE_FIXTURE(impatient_cluster,
                  "a process that does not come back is replaced, however "
                  "little time a new one has to be ready") {
  answer = fail(errc::already_exists, "it runs");
  says("n2", member_state::up);
  says("n2", member_state::down);
  for (int second = 0; second < 5; ++second)
    advance(1s);
  advance(100ms);
  CHECK(starts == std::vector<std::string>{"n2", "n2!"});
  says("n2", member_state::back, 2);
  CHECK(state_of("n2") == "running");
}

TEST_CASE_FIXTURE(cluster_fixture,
                  "a launcher that stops everything is not asked twice") {
  answer = fail(errc::unavailable, "stopping");
  says("n2", member_state::up);
  says("n2", member_state::down);
  advance(60s);
  CHECK(starts.size() == 1);
  CHECK(state_of("n2") == "stopped");
  CHECK(gave_up.empty());
}

TEST_CASE_FIXTURE(
    cluster_fixture,
    "the supervisor gives up on a node that dies again and again") {
  // Two restarts of each of two nodes are borne.
  for (std::uint64_t session = 1; session <= 5; ++session) {
    CHECK(gave_up.empty());
    says("n2", session == 1 ? member_state::up : member_state::back, session);
    says("n2", member_state::down, session);
    advance(100ms);
  }
  CHECK(starts.size() == 4);
  CHECK(gave_up.find("n2") != std::string::npos);
}

} // namespace weft::actors

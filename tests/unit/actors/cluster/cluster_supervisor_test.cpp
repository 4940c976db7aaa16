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
                           std::chrono::seconds return_timeout = 2s,
                           bool launched = true) {
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
    starter.exists = launched;
    starter.start = [this](const std::string& node, const std::string& reason,
                           pid_t replaces, auto done) {
      starts.push_back(node + (replaces ? "!" : ""));
      reasons.push_back(reason);
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

  /// What `weft kill n1/PATH` does.
  result<std::string> kill(const std::string& path) {
    return ask<std::string>(
        top, supervision::kill_child{path, "an operator killed it", 1000});
  }

  result<caf::strong_actor_ptr> stand_in(const std::string& node) {
    return ask<caf::strong_actor_ptr>(handles->watch.get(),
                                      await_node{node, false});
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
  /// Of the starts.
  std::vector<std::string> reasons;
  std::string gave_up;
};

/// Where a process has less time to be ready than a lost one to come back.
struct impatient_cluster : cluster_fixture {
  impatient_cluster() : cluster_fixture{1s, 5s} {}
};

/// Whose nodes were started by hand, or by systemd.
struct cluster_without_launcher : cluster_fixture {
  cluster_without_launcher() : cluster_fixture{10s, 2s, false} {}
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

TEST_CASE_FIXTURE(cluster_fixture,
                  "a node that is killed in the tree is replaced at once") {
  answer = fail(errc::already_exists, "it runs");
  says("n2", member_state::up);
  says("n3", member_state::up);
  CHECK(kill("cluster/n2") == "n1/cluster/n2");
  CHECK(starts == std::vector<std::string>{"n2!"});
  CHECK(reasons.back() == "killed (an operator killed it)");
  CHECK(state_of("n2") != "running");
  CHECK(state_of("n3") == "running");
  CHECK(stand_in("n2").error().code == errc::already_exists);
  // Its process is gone: another that fails to start is not replaced for it.
  says("n2", member_state::down);
  CHECK(stand_in("n2").error().code == errc::unavailable);
  says("n2", member_state::back, 2);
  CHECK(stand_in("n2"));
  CHECK(state_of("n2") == "running");
  advance(60s);
  CHECK(starts.size() == 1);
  CHECK(gave_up.empty());
}

TEST_CASE_FIXTURE(cluster_fixture,
                  "a stand-in that is stopped leaves the node alone") {
  says("n2", member_state::up);
  REQUIRE(
      ask<bool>(handles->supervisor.get(), supervision::terminate_child{"n2"}));
  CHECK(state_of("n2") == "stopped");
  REQUIRE(ask<supervision::child_started>(handles->supervisor.get(),
                                          supervision::restart_child{"n2"}));
  CHECK(state_of("n2") == "running");
  CHECK(starts.empty());
}

TEST_CASE_FIXTURE(cluster_fixture,
                  "what is below a node is killed in the node's own tree") {
  says("n2", member_state::up);
  const auto refused = kill("cluster/n2/hello/ada");
  REQUIRE_FALSE(refused);
  CHECK(refused.error()
        == failure{errc::not_found, "node n2 has a tree of its own, and "
                                    "n2/hello/ada is looked for there"});
  CHECK(state_of("n2") == "running");
}

TEST_CASE_FIXTURE(cluster_fixture,
                  "the cluster's watch and supervisor may be killed, and no "
                  "node is replaced for it") {
  answer = fail(errc::already_exists, "it runs");
  says("n2", member_state::up);
  for (const auto* path : {"cluster/watch", "cluster"}) {
    REQUIRE(kill(path));
    says("n2", member_state::up, 2);
    CHECK(state_of("watch") == "running");
    CHECK(state_of("n2") == "running");
  }
  advance(60s);
  CHECK(std::ranges::count(starts, "n2!") == 0);
}

TEST_CASE_FIXTURE(cluster_without_launcher,
                  "a node that nobody would start again is not killed") {
  says("n2", member_state::up);
  const auto refused = kill("cluster/n2");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unsupported);
  CHECK(refused.error().message.find("restart its process where it runs")
        != std::string::npos);
  CHECK(state_of("n2") == "running");
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

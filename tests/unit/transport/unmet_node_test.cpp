#include "tests/unit/transport/support.hpp"

namespace weft::test {

namespace {

/// n2 is connected to n1 and n3 and tells n1 of n3's echo, which n1 has not
/// met:
///
///     n1 --- n2 --- n3
struct three_nodes {
  demo_node one{"n1"};
  demo_node two{"n2"};
  demo_node three{"n3"};
  config::endpoint third = three.listen();
  caf::actor guide =
      two.system.spawn([echo = reach(two, third, "n3")]() -> caf::behavior {
        return {[echo](caf::get_atom) { return echo; }};
      });

  ~three_nodes() {
    caf::anon_send_exit(guide, caf::exit_reason::user_shutdown);
  }

  static caf::strong_actor_ptr
  reach(demo_node& from, const config::endpoint& where, const char* name) {
    const auto reached = demo_node::await(from.connect(where, name));
    REQUIRE_MESSAGE(reached, reached.error().message);
    return reached->entry;
  }

  /// What n2 says to n1.
  caf::strong_actor_ptr echo_of_three() {
    const auto where = two.net->listen(
        {"127.0.0.1", 0}, caf::actor_cast<caf::strong_actor_ptr>(guide));
    REQUIRE_MESSAGE(where, where.error().message);
    const auto entry = caf::actor_cast<caf::actor>(reach(one, *where, "n2"));
    caf::strong_actor_ptr told;
    caf::scoped_actor self{one.system};
    self->request(entry, patience, caf::get_atom_v)
        .receive([&](caf::strong_actor_ptr& echo) { told = echo; },
                 [](caf::error&) {});
    REQUIRE(told);
    return told;
  }
};

failure failure_of(demo_node& from, const caf::strong_actor_ptr& echo) {
  caf::scoped_actor self{from.system};
  failure seen{errc::timed_out, "it was answered"};
  self->request(caf::actor_cast<echo_actor>(echo), patience, greet_atom_v,
                std::string{"x"})
      .receive([](std::string&) {},
               [&](caf::error& why) { seen = from_caf(why); });
  return seen;
}

} // namespace

TEST_CASE_FIXTURE(three_nodes, "nothing is routed, and who asks is told so") {
  const auto echo = echo_of_three();
  CHECK(failure_of(one, echo)
        == failure{errc::unavailable, "its node is lost"});
  // What CAF sends by itself is not worth a word.
  CHECK(two.log.wait_for("refused a message of node n1: it is for another "
                         "node"));
  CHECK(two.log.count_of("refused") == 1);
  CHECK(three.log.count_of("refused") == 0);
  reach(one, third, "n3");
  CHECK(one.ask(caf::actor_cast<echo_actor>(echo), "x") == "hello, x");
}

TEST_CASE_FIXTURE(three_nodes, "the end of an actor of a node that was met "
                               "later is told") {
  const auto echo = echo_of_three();
  reach(one, third, "n3");
  watcher seen{one.system, echo};
  caf::anon_send_exit(three.entry, caf::exit_reason::user_shutdown);
  CHECK(seen.wait().code != errc::timed_out);
  for (auto* node : {&one, &two, &three})
    CHECK_MESSAGE(node->log.count_of("refused") == 0, node->log.text());
}

} // namespace weft::test

#include "runtime/caf/node_identity.hpp"
#include "tests/unit/transport/core/basp_bytes.hpp"
#include "tests/unit/transport/strangers.hpp"
#include "tests/unit/transport/support.hpp"
#include "transport/core/greeting.hpp"
#include "transport/scribe.hpp"

#include <caf/binary_serializer.hpp>
#include <caf/scoped_execution_unit.hpp>

namespace weft::test {

using namespace transport;

namespace {

/// What CAF writes for these values.
template <class... Ts>
byte_list written(caf::actor_system& system, const Ts&... values) {
  std::vector<char> bytes;
  caf::scoped_execution_unit context{&system};
  caf::binary_serializer sink{&context, bytes};
  const bool failed{sink(values...)};
  REQUIRE_FALSE(failed);
  return {bytes.begin(), bytes.end()};
}

/// An ID of the node of that name.
node_bytes id_of_name(const std::string& name) {
  node_bytes node{0, 0, 0x3e, 0x9a, 0xab, 0x9b, 0xac, 0x79, 0, 0, 0, 1};
  std::ranges::copy(host_of_node("demo", name), node.begin() + 12);
  return node;
}

/// A member of the cluster that says what it likes once it is greeted.
class hostile_member {
public:
  hostile_member(const config::endpoint& where, const std::string& name)
      : socket_{where} {
    say(encode({verdict::welcome, "demo", name, ""}));
  }

  void say(const byte_list& bytes) {
    socket_.say({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }

  void wait_for_end() { socket_.wait_for_end(); }

private:
  stranger socket_;
};

/// Nodes n1 and n2, which know each other; n3 means harm to n1.
struct forgery {
  demo_node one{"n1", false};
  demo_node two{"n2", false};
  config::endpoint where = one.listen();
  peer found = reach();
  hostile_member three{where, "n3"};
  node_bytes id_of_one = own_node(one.system);
  node_bytes id_of_two = own_node(two.system);

  peer reach() {
    auto reached = demo_node::await(one.connect(two.listen(), "n2"));
    REQUIRE_MESSAGE(reached, reached.error().message);
    return *reached;
  }

  void introduce() { three.say(client_handshake(id_of_name("n3"))); }

  void check_logged(const std::string& line) {
    CHECK_MESSAGE(one.log.wait_for(line), one.log.text());
  }

  /// The end of n2's actor would answer in its place.
  void check_two_answers() {
    CHECK(one.ask(caf::actor_cast<echo_actor>(found.entry), "x") == "hello, x");
  }

  void check_one_answers() { CHECK(two.greet(where, "n1") == "hello, n1"); }
};

caf::behavior linked_to(caf::event_based_actor* self,
                        const caf::strong_actor_ptr& other) {
  self->link_to(caf::actor_cast<caf::actor>(other));
  return {[](caf::ok_atom) {}};
}

} // namespace

TEST_CASE_FIXTURE(forgery, "a member that shows another node's ID is refused") {
  three.say(client_handshake(id_of_two));
  check_logged("refused node n3: it shows a node's ID that is not its own");
  three.wait_for_end();
  check_two_answers();
}

TEST_CASE_FIXTURE(forgery,
                  "a member that shows a node's ID before that one comes") {
  three.say(client_handshake(id_of_name("n4")));
  check_logged("refused node n3: it shows a node's ID that is not its own");
  three.wait_for_end();
  demo_node four{"n4", false};
  CHECK(four.greet(where, "n1") == "hello, n1");
}

TEST_CASE_FIXTURE(forgery, "a member that shows our own ID is refused") {
  three.say(client_handshake(id_of_one));
  check_logged("refused node n3: it shows a node's ID that is not its own");
  three.wait_for_end();
}

TEST_CASE_FIXTURE(forgery, "a member cannot end another node's actors for us") {
  introduce();
  auto down = from_to(id_of_two, id_of_one);
  append(down, written(two.system, caf::error{caf::exit_reason::kill}));
  three.say(
      basp_bytes({basp_operation::down_message, found.entry->id(), 0}, down));
  check_logged("refused node n3: it says that an actor of another node has "
               "ended");
  three.wait_for_end();
  check_two_answers();
}

TEST_CASE_FIXTURE(forgery, "what a member says in others' names is dropped") {
  introduce();
  const auto ours = one.entry.id();
  const auto greets =
      written(two.system, std::vector<caf::strong_actor_ptr>{},
              caf::make_message(greet_atom_v, std::string{"mallory"}));
  const auto greet_as = [&](const node_bytes& source) {
    auto payload = from_to(source, id_of_one);
    append(payload, greets);
    three.say(
        basp_bytes({basp_operation::routed_message, ours, ours}, payload));
  };
  // One after the other: of messages dropped at once the last is logged.
  greet_as(id_of_two);
  check_logged("refused a message of node n3: it speaks for another node");
  greet_as(id_of_one);
  check_logged("refused a message of node n3: it speaks for an actor of ours");
  const auto ended =
      written(two.system, std::vector<caf::strong_actor_ptr>{},
              caf::make_message(caf::down_msg{
                  caf::actor_cast<caf::actor_addr>(two.entry), caf::error{}}));
  three.say(basp_bytes({basp_operation::direct_message, 1, ours}, ended));
  check_logged("refused a message of node n3: it says as a message that an "
               "actor has ended");
  const auto exit = written(two.system, std::vector<caf::strong_actor_ptr>{},
                            caf::make_message(caf::exit_msg{
                                caf::actor_cast<caf::actor_addr>(two.entry),
                                caf::error{caf::exit_reason::kill}}));
  three.say(basp_bytes({basp_operation::direct_message, 1, ours}, exit));
  check_logged("refused a message of node n3: it is an exit in the name of "
               "another node's actor");
  check_two_answers();
  check_one_answers();
}

TEST_CASE_FIXTURE(forgery, "a link that is no link ends the connection") {
  introduce();
  const auto linked = written(
      two.system, std::vector<caf::strong_actor_ptr>{},
      caf::make_message(caf::link_atom_v,
                        caf::actor_cast<caf::strong_actor_ptr>(two.entry)));
  three.say(
      basp_bytes({basp_operation::direct_message, 1, one.entry.id()}, linked));
  check_logged("refused node n3: it sends a link as a message of its own");
  three.wait_for_end();
  check_two_answers();
  check_one_answers();
}

TEST_CASE_FIXTURE(forgery, "a handshake of the wrong end is refused") {
  three.say(
      basp_bytes({.operation = basp_operation::server_handshake, .data = 3},
                 id_of_name("n3")));
  check_logged("refused node n3: it sends an acceptor's handshake from the "
               "wrong end");
  three.wait_for_end();
  check_two_answers();
}

TEST_CASE_FIXTURE(forgery, "a member that changes its ID is refused") {
  introduce();
  auto other = id_of_name("n3");
  ++other[11];
  three.say(client_handshake(other));
  check_logged("refused node n3: it shows another ID than at first");
  three.wait_for_end();
  check_two_answers();
}

TEST_CASE("exits that CAF itself writes pass between nodes") {
  demo_node one{"n1"};
  demo_node two{"n2"};
  const auto reached = demo_node::await(one.connect(two.listen(), "n2"));
  REQUIRE(reached);
  watcher seen{one.system, reached->entry};
  caf::anon_send_exit(caf::actor_cast<caf::actor>(reached->entry),
                      caf::exit_reason::user_shutdown);
  CHECK(seen.wait().code != errc::timed_out);
  CHECK(two.log.count_of("refused") == 0);
}

TEST_CASE_FIXTURE(forgery, "after a dropped message a member is still heard") {
  introduce();
  auto routed = from_to(id_of_two, id_of_one);
  routed.resize(100'000);
  three.say(basp_bytes({basp_operation::routed_message, 1, 1}, routed));
  const auto bytes = basp_bytes({static_cast<basp_operation>(9)});
  three.say(bytes);
  check_logged("refused node n3: it sends what CAF does not know");
}

TEST_CASE("a link to another node's actor holds when the node is lost") {
  auto one = std::make_unique<demo_node>("n1");
  demo_node two{"n2"};
  const auto reached = demo_node::await(one->connect(two.listen(), "n2"));
  REQUIRE(reached);
  const auto linked = one->system.spawn(linked_to, reached->entry);
  // The link has left before the question.
  caf::scoped_actor self{one->system};
  self->request(linked, patience, caf::ok_atom_v)
      .receive([] {}, [](caf::error&) {});
  CHECK(one->ask(caf::actor_cast<echo_actor>(reached->entry), "x")
        == "hello, x");
  watcher seen{two.system, caf::actor_cast<caf::strong_actor_ptr>(two.entry)};
  one->net->stop();
  CHECK(seen.wait().code != errc::timed_out);
  CHECK(two.log.count_of("refused") == 0);
}

} // namespace weft::test

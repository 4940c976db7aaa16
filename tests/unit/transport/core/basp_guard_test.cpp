#include "tests/unit/transport/core/basp_bytes.hpp"
#include "transport/core/basp_guard.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace weft::test {

using namespace transport;

namespace {

const auto own = node_number(1);
const auto peer_node = node_number(2);
const auto third = node_number(3);

const auto unreachable = content("@<>+@error");

/// A connection of the node that has `peer_node` as ID, and what CAF gets of
/// it.
class guarded_connection {
public:
  /// `dialed`: by us.
  explicit guarded_connection(bool dialed = false)
      : guard_{basp_judge{{own, host_of(peer_node), dialed}}, unreachable} {}

  guarded_connection& send(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty() && !guard_.refused())
      bytes = bytes.subspan(send_some(bytes));
    return *this;
  }

  guarded_connection& introduce(const node_bytes& node = peer_node) {
    return send(client_handshake(node));
  }

  const byte_list& through() const { return through_; }
  std::string refused() const {
    return guard_.refused() ? guard_.refused()->text : "";
  }
  const std::vector<refusal>& skipped() const { return skipped_; }
  std::size_t held() const { return guard_.held(); }
  const byte_list& answers() const { return answers_; }

private:
  std::size_t send_some(std::span<const std::uint8_t> bytes) {
    std::size_t count = std::min(guard_.passing(), bytes.size());
    if (count > 0) {
      append(through_, bytes.first(count));
      guard_.passed(count);
      return count;
    }
    const auto room = guard_.room();
    count = std::min(room.size(), bytes.size());
    std::ranges::copy(bytes.first(count), room.begin());
    guard_.received(count);
    take_all();
    return count;
  }

  /// In the sizes that CAF would not, too.
  void take_all() {
    byte_list some(1 + through_.size() % 50);
    while (const auto count = guard_.take(some))
      append(through_, std::span{some}.first(count));
    if (auto why = guard_.take_skipped())
      skipped_.push_back(*std::move(why));
    append(answers_, guard_.take_answers());
  }

  basp_guard guard_;
  byte_list through_;
  std::vector<refusal> skipped_;
  byte_list answers_;
};

byte_list link_payload(const node_bytes& linked) {
  auto payload = from_to(own, own);
  append(payload, content("@<>+@atom+@strong_actor_ptr"));
  append(payload, 0xfc6ecf0, 8);
  append(payload, 12, 8);
  append(payload, linked);
  return payload;
}

/// The same message to CAF, which reads over a "+" after the types' names.
byte_list ended_in_plus(byte_list content) {
  const auto end = 4 + content[3];
  ++content[3];
  content.insert(content.begin() + end, '+');
  return content;
}

/// An exit whose source is that actor; `node` may be shorter than a node.
byte_list exit_content(std::uint64_t actor,
                       std::span<const std::uint8_t> node) {
  auto payload = content("@<>+@exit");
  append(payload, actor, 8);
  append(payload, node);
  // The reason.
  payload.resize(payload.size() + 10);
  return payload;
}

byte_list link_message(const byte_list& payload, std::uint64_t source = 7) {
  return basp_bytes({basp_operation::routed_message, source, 7}, payload);
}

byte_list direct_message(const byte_list& payload) {
  return basp_bytes({basp_operation::direct_message, 9, 7}, payload);
}

byte_list text_message(std::size_t bytes) {
  auto payload = content("@<>+@str");
  payload.resize(payload.size() + bytes, 'x');
  return direct_message(payload);
}

/// One of each that a peer of good faith sends.
byte_list good_traffic() {
  byte_list all;
  append(all, client_handshake(peer_node));
  append(all, client_handshake(peer_node));
  append(all, basp_bytes({basp_operation::heartbeat}));
  append(all, text_message(0));
  append(all, text_message(300));
  append(all, basp_bytes({basp_operation::monitor_message, 0, 7},
                         from_to(peer_node, own)));
  append(all, basp_bytes({basp_operation::monitor_message, 0, 7},
                         from_to(peer_node, third)));
  append(all, basp_bytes({basp_operation::monitor_message, 0, 7},
                         from_to(third, own)));
  auto down = from_to(peer_node, own);
  down.resize(down.size() + 40);
  append(all, basp_bytes({basp_operation::down_message, 9, 0}, down));
  append(all, link_message(link_payload(peer_node)));
  append(all, text_message(3 * basp_guard::buffer_bytes));
  append(all, basp_bytes({basp_operation::heartbeat}));
  return all;
}

/// What becomes of one message of an introduced peer.
struct judged {
  std::string skipped;
  std::string refused;
  bool passed = false;
};

judged judge(const byte_list& message) {
  guarded_connection connection;
  connection.introduce();
  const auto before = connection.through().size();
  connection.send(message);
  judged outcome;
  if (!connection.skipped().empty())
    outcome.skipped = connection.skipped().front().text;
  outcome.refused = connection.refused();
  outcome.passed = connection.through().size() == before + message.size();
  // Either all of it or nothing.
  CHECK((outcome.passed || connection.through().size() == before));
  return outcome;
}

} // namespace

TEST_CASE("what a peer of good faith sends passes unchanged in every cut") {
  const auto sent = good_traffic();
  for (std::size_t cut = 0; cut <= 1200; ++cut) {
    guarded_connection connection;
    connection.send(std::span{sent}.first(cut))
        .send(std::span{sent}.subspan(cut));
    REQUIRE(connection.refused() == "");
    REQUIRE(connection.skipped().empty());
    REQUIRE(connection.through() == sent);
    REQUIRE(connection.held() == 0);
  }
}

TEST_CASE("it passes byte by byte and in random pieces too") {
  const auto sent = good_traffic();
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (int round = 0; round < 50; ++round) {
    guarded_connection connection;
    for (std::size_t at = 0; at < sent.size();) {
      const auto most = round == 0 ? 1 : 1 + random() % 2000;
      const auto count = std::min<std::size_t>(most, sent.size() - at);
      connection.send(std::span{sent}.subspan(at, count));
      at += count;
    }
    CHECK(connection.through() == sent);
  }
}

TEST_CASE("the end of another node's actor ends the connection") {
  const auto forged =
      basp_bytes({basp_operation::down_message, 9, 0}, from_to(third, own));
  CHECK(judge(forged).refused
        == "it says that an actor of another node has ended");
  // A node of good faith may ask for this as long as it lacks a connection.
  const auto passed_on = basp_bytes({basp_operation::down_message, 9, 0},
                                    from_to(peer_node, third));
  CHECK(judge(passed_on).skipped
        == "it is for another node, and this one passes nothing on");
}

TEST_CASE("the end of an actor does not pass as a message either") {
  auto down = content("@<>+@down");
  down.resize(100);
  CHECK(judge(direct_message(down)).skipped
        == "it says as a message that an actor has ended");
  CHECK_FALSE(judge(direct_message(ended_in_plus(down))).passed);
  // Lengths that CAF reads and does not write: 9, 9 and 1 + 8 by overflow.
  for (const byte_list& length :
       {byte_list{0x89, 0}, byte_list{0x89, 0x80, 0x80, 0},
        byte_list{0x81, 0x80, 0x80, 0x80, 0x80, 1}}) {
    auto hidden = down;
    hidden.erase(hidden.begin() + 3);
    hidden.insert(hidden.begin() + 3, length.begin(), length.end());
    CHECK_FALSE(judge(direct_message(hidden)).passed);
  }
  auto staged = down;
  staged[0] = 1;
  CHECK_FALSE(judge(direct_message(staged)).passed);
  CHECK(judge(direct_message(content("@<>+@down+@str"))).passed);
  CHECK(judge(direct_message(content("@<>"))).passed);
  CHECK(judge(direct_message(content("@<>+@group_down"))).passed);
  auto long_names = content("@<>+@str");
  long_names[3] = 0x80 | 72;
  long_names.insert(long_names.begin() + 4, 1);
  long_names.resize(400, 'x');
  CHECK(judge(direct_message(long_names)).passed);
  CHECK_FALSE(judge(direct_message({0, 0, 0})).passed);
}

TEST_CASE("an exit is the peer's, nobody's, or names whom it ends") {
  // Messages of judge() are for actor 7.
  constexpr auto other = "it is an exit in the name of another node's actor";
  const byte_list nobody(8);
  CHECK(judge(direct_message(exit_content(9, peer_node))).passed);
  CHECK(judge(direct_message(exit_content(0, nobody))).passed);
  CHECK(judge(direct_message(exit_content(7, own))).passed);
  CHECK(judge(direct_message(exit_content(8, own))).skipped == other);
  CHECK(judge(direct_message(exit_content(9, third))).skipped == other);
  CHECK(judge(direct_message(ended_in_plus(exit_content(9, third)))).skipped
        == other);
  const std::span uri{third};
  CHECK(judge(direct_message(exit_content(9, uri.first(16)))).skipped == other);
}

TEST_CASE("a routed message is dropped whomever it speaks for") {
  const auto routed = [](const node_bytes& source, const node_bytes& to) {
    auto payload = from_to(source, to);
    append(payload, content("@<>+@str"));
    return judge(basp_bytes({basp_operation::routed_message, 9, 7}, payload));
  };
  CHECK(routed(third, own).skipped == "it speaks for another node");
  CHECK(routed(own, own).skipped == "it speaks for an actor of ours");
  CHECK_FALSE(routed(peer_node, own).passed);
  CHECK(routed(peer_node, third).skipped
        == "it is for another node, and this one passes nothing on");
  // What CAF asks each node that it hears of is dropped without a word.
  auto greets = from_to(peer_node, third);
  append(greets, content("@<>+@atom+@atom+@str"));
  const auto greeted =
      judge(basp_bytes({.operation = basp_operation::routed_message,
                        .source_actor = 9,
                        .destination_actor = 0x3ddd66f3376adfb,
                        .flags = 1},
                       greets));
  CHECK_FALSE(greeted.passed);
  CHECK(greeted.skipped == "");
  CHECK(judge(basp_bytes({basp_operation::routed_message, 9, 7}, own)).refused
        == "it sends half of a message");
}

TEST_CASE("a request that is not passed on is answered at once") {
  const auto answer_to_routed = [](const node_bytes& source,
                                   const node_bytes& to, std::uint64_t data) {
    auto payload = from_to(source, to);
    append(payload, content("@<>+@str"));
    guarded_connection connection;
    connection.introduce().send(
        basp_bytes({basp_operation::routed_message, 9, 7, data}, payload));
    return connection.answers();
  };
  constexpr std::uint64_t request = 0x1000'0000'0000'0005;
  constexpr std::uint64_t response = 0x8000'0000'0000'0000 | request;
  CHECK(answer_to_routed(peer_node, third, request)
        == basp_bytes({basp_operation::direct_message, 0, 9, response},
                      unreachable));
  CHECK(answer_to_routed(peer_node, third, 0x1000'0000'0000'0000).empty());
  CHECK(answer_to_routed(peer_node, third, response).empty());
  CHECK(answer_to_routed(peer_node, own, request).empty());
  CHECK(answer_to_routed(third, own, request).empty());
  CHECK(answer_to_routed(third, node_number(4), request).empty());
}

TEST_CASE("a link passes as CAF sends it, and in no other form") {
  const auto good = link_payload(peer_node);
  CHECK(judge(link_message(good)).passed);
  CHECK_FALSE(judge(link_message(good, 8)).passed);
  CHECK_FALSE(judge(link_message(link_payload(third))).passed);
  CHECK_FALSE(judge(link_message(link_payload(own))).passed);
  CHECK_FALSE(judge(basp_bytes({.operation = basp_operation::routed_message,
                                .source_actor = 7,
                                .destination_actor = 7,
                                .flags = 1},
                               good))
                  .passed);
  for (std::size_t at = 0; at < good.size(); ++at) {
    // Any actor of the peer may be linked.
    if (at >= 103 && at < 111)
      continue;
    auto altered = good;
    altered[at] ^= 1;
    CAPTURE(at);
    CHECK_FALSE(judge(link_message(altered)).passed);
  }
  auto longer = good;
  longer.push_back(0);
  CHECK_FALSE(judge(link_message(longer)).passed);
  const byte_list bare{good.begin() + 64, good.end()};
  CHECK(judge(direct_message(bare)).refused
        == "it sends a link as a message of its own");
  CHECK(judge(direct_message(ended_in_plus(bare))).refused
        == "it sends a link as a message of its own");
  const byte_list cut{bare.begin(), bare.begin() + 38};
  CHECK(judge(direct_message(cut)).passed);
}

TEST_CASE("a monitor is no lie, but nobody asks for a third node's") {
  const auto monitor = [](const node_bytes& from, const node_bytes& to) {
    return judge(
        basp_bytes({basp_operation::monitor_message, 0, 7}, from_to(from, to)));
  };
  CHECK(monitor(third, own).passed);
  CHECK(monitor(third, node_number(4)).skipped == "it speaks for another node");
  CHECK_FALSE(monitor(own, own).passed);
  auto alien = third;
  alien[7] ^= 1;
  CHECK_FALSE(monitor(alien, own).passed);
}

TEST_CASE("what is dropped is followed to its end, and the rest passes") {
  auto payload = from_to(third, own);
  payload.resize(5 * basp_guard::buffer_bytes + 3);
  byte_list sent;
  append(sent, basp_bytes({basp_operation::routed_message, 9, 7}, payload));
  append(sent, text_message(10));
  for (const std::size_t piece : {1u, 33u, 4096u, 1'000'000u}) {
    guarded_connection connection;
    connection.introduce();
    const auto before = connection.through().size();
    for (std::size_t at = 0; at < sent.size(); at += piece)
      connection.send(
          std::span{sent}.subspan(at, std::min(piece, sent.size() - at)));
    const byte_list after{connection.through().begin()
                              + static_cast<std::ptrdiff_t>(before),
                          connection.through().end()};
    CHECK(after == text_message(10));
    CHECK(connection.skipped().size() == 1);
  }
}

TEST_CASE("a handshake comes first, from the right end, and names one node") {
  CHECK(guarded_connection{}.send(text_message(1)).refused()
        == "it sends a message before its handshake");
  const auto server = basp_bytes(
      {.operation = basp_operation::server_handshake, .data = 3}, peer_node);
  CHECK(guarded_connection{}.send(server).refused()
        == "it sends an acceptor's handshake from the wrong end");
  guarded_connection dialed{true};
  CHECK(dialed.send(server).refused() == "");
  CHECK(dialed.send(server).refused() == "it sends too many handshakes");
  guarded_connection wrong_end{true};
  CHECK_FALSE(wrong_end.introduce().refused().empty());
  auto restarted = peer_node;
  restarted[9] = 1;
  CHECK(guarded_connection{}.introduce().introduce(restarted).refused()
        == "it shows another ID than at first");
  CHECK(guarded_connection{}.introduce().introduce().introduce().refused()
        == "it sends too many handshakes");
}

TEST_CASE("a node shows an ID of its own, another each time it starts") {
  constexpr auto not_its_own = "it shows a node's ID that is not its own";
  guarded_connection thief;
  CHECK(thief.introduce(third).refused() == not_its_own);
  CHECK(thief.through().empty());
  CHECK(guarded_connection{}.introduce(own).refused() == not_its_own);
  auto restarted = peer_node;
  restarted[9] = 1;
  CHECK(guarded_connection{}.introduce(restarted).refused() == "");
  auto alien = peer_node;
  alien[0] = 1;
  CHECK(guarded_connection{}.introduce(alien).refused() == not_its_own);
}

TEST_CASE("what is cut short, too long or unknown ends the connection") {
  for (const auto operation :
       {basp_operation::client_handshake, basp_operation::monitor_message,
        basp_operation::down_message}) {
    CHECK_FALSE(judge(basp_bytes({operation, 1, 1})).refused.empty());
    CHECK_FALSE(
        judge(basp_bytes({operation, 1, 1}, byte_list(31))).refused.empty());
  }
  // The packet of 32 bytes that kills a bare node of CAF.
  byte_list killing(32);
  killing[0] = 1;
  CHECK(guarded_connection{}.send(killing).refused()
        == "it sends half of a dialer's handshake");
  auto endless = text_message(100);
  endless[4] = 0x40;
  endless[7] = 1;
  CHECK(judge(endless).refused.starts_with("it sends a message of 10737"));
  byte_list unknown(32);
  unknown[0] = 7;
  CHECK(judge(unknown).refused == "it sends what CAF does not know");
}

TEST_CASE("nothing passes after the end, and a cut header waits") {
  guarded_connection connection;
  connection.introduce();
  const auto before = connection.through().size();
  const auto beat = basp_bytes({basp_operation::heartbeat});
  connection.send(std::span{beat}.first(31));
  CHECK(connection.through().size() == before);
  CHECK(connection.held() == 31);
  connection.send(std::span{beat}.last(1));
  CHECK(connection.through().size() == before + 32);
  byte_list sent(32);
  sent[0] = 9;
  append(sent, beat);
  connection.send(sent);
  CHECK(connection.through().size() == before + 32);
}

} // namespace weft::test

#include "apps/byzantine/core/general_core.hpp"
#include "apps/byzantine/signing/ed25519.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace weft::byzantine::test {

namespace {

using verdict = general_core::verdict;

relay first_order(general_id to, order value = order::attack) {
  return {.round = 1,
          .path = {0},
          .from = 0,
          .to = to,
          .value = value,
          .signatures = {}};
}

relay told_by(general_id from, general_id to, order value) {
  return {.round = 2,
          .path = {0, from},
          .from = from,
          .to = to,
          .value = value,
          .signatures = {}};
}

const plan four{.traitors = {}};
const plan four_written{.algorithm = algorithm::written, .traitors = {}};

/// What the commander of `four_written` sends to a lieutenant.
relay signed_order(const key_rings& keys, general_id to,
                   order value = order::attack) {
  auto message = first_order(to, value);
  sign_last(message, *keys[0]);
  return message;
}

} // namespace

TEST_CASE("a lieutenant passes the order on and decides by majority") {
  general_core general{four, 1, nullptr, nullptr};
  CHECK(general.start().empty());
  CHECK(general.receive(0, first_order(1)) == verdict::accepted);
  auto sent = general.end_round();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0] == told_by(1, 2, order::attack));
  CHECK(sent[1] == told_by(1, 3, order::attack));
  CHECK(general.receive(2, told_by(2, 1, order::attack)) == verdict::accepted);
  CHECK(general.receive(3, told_by(3, 1, order::retreat)) == verdict::accepted);
  CHECK(general.end_round().empty());
  CHECK(general.finished());
  CHECK(general.decision() == order::attack);
}

TEST_CASE("what is missing or tied is retreat") {
  CHECK(majority(2, 4) == order::retreat);
  CHECK(majority(2, 3) == order::attack);
  CHECK(majority(0, 0) == order::retreat);
  general_core general{four, 1, nullptr, nullptr};
  auto sent = general.end_round();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].value == order::retreat);
  general.receive(2, told_by(2, 1, order::attack));
  general.end_round();
  CHECK(general.decision() == order::retreat);
}

TEST_CASE("a message counts once, in time, and from its sender") {
  general_core general{four, 1, nullptr, nullptr};
  CHECK(general.receive(2, first_order(1)) == verdict::malformed);
  CHECK(general.receive(0, first_order(1)) == verdict::accepted);
  CHECK(general.receive(0, first_order(1, order::retreat))
        == verdict::repeated);
  // Its sender's clock is ahead.
  CHECK(general.receive(2, told_by(2, 1, order::attack)) == verdict::accepted);
  general.end_round();
  CHECK(general.receive(0, first_order(1)) == verdict::late);
  CHECK(general.receive(2, told_by(2, 1, order::retreat)) == verdict::repeated);
  general.end_round();
  CHECK(general.decision() == order::attack);
}

TEST_CASE("a message by an impossible path is refused") {
  general_core general{four, 1, nullptr, nullptr};
  auto refused = [&](void (*spoil)(relay&)) {
    auto message = told_by(2, 1, order::attack);
    spoil(message);
    return general.receive(message.from, message) == verdict::malformed;
  };
  CHECK(refused([](relay& what) { what.instance = 1; }));
  CHECK(refused([](relay& what) { what.to = 3; }));
  CHECK(refused([](relay& what) { what.round = 1; }));
  CHECK(refused([](relay& what) { what.round = 0, what.path.clear(); }));
  CHECK(refused([](relay& what) { what.path = {2, 0}; }));
  CHECK(refused([](relay& what) { what.path = {0, 0}; }));
  CHECK(refused([](relay& what) { what.path = {0, 1}; }));
  CHECK(refused([](relay& what) { what.path = {0, 9}; }));
  CHECK(refused([](relay& what) { what.path = {0, 3}; }));
  CHECK(refused([](relay& what) { what.round = 3, what.path = {0, 3, 2}; }));
}

TEST_CASE("a signature binds instance, round, path and value") {
  auto keys = make_ed25519_keys(4, 1);
  auto verdict_on = [&](void (*spoil)(relay&)) {
    general_core general{four_written, 1, keys[1].get(), nullptr};
    auto message = signed_order(keys, 2);
    message.to = 2;
    message.path.push_back(2);
    message.round = 2;
    message.from = 2;
    message.to = 1;
    sign_last(message, *keys[2]);
    spoil(message);
    return general.receive(message.from, message);
  };
  CHECK(verdict_on([](relay&) {}) == verdict::accepted);
  CHECK(verdict_on([](relay& what) { what.value = order::retreat; })
        == verdict::forged);
  CHECK(verdict_on([](relay& what) { what.signatures[0][9] ^= 1; })
        == verdict::forged);
  CHECK(verdict_on([](relay& what) { what.signatures.pop_back(); })
        == verdict::forged);
  CHECK(verdict_on([](relay& what) { what.path[1] = 3, what.from = 3; })
        == verdict::forged);
  CHECK(verdict_on([](relay& what) {
          std::swap(what.signatures[0], what.signatures[1]);
        })
        == verdict::forged);
  // As a message of round 1, with the signature of round 2.
  CHECK(verdict_on([](relay& what) {
          what.round = 1, what.path = {0}, what.from = 0;
          what.signatures.erase(what.signatures.begin());
        })
        == verdict::forged);

  const plan other{
      .algorithm = algorithm::written, .traitors = {}, .instance = 5};
  general_core general{other, 1, keys[1].get(), nullptr};
  auto replay = signed_order(keys, 1);
  CHECK(general.receive(0, replay) == verdict::malformed);
  replay.instance = 5;
  CHECK(general.receive(0, replay) == verdict::forged);
  CHECK(general.rejected_signatures() == 1);
}

TEST_CASE("a signed order is passed on when it is new, and no more") {
  auto keys = make_ed25519_keys(4, 1);
  const plan three_rounds{
      .traitors_max = 2, .algorithm = algorithm::written, .traitors = {}};
  general_core general{three_rounds, 1, keys[1].get(), nullptr};
  CHECK(general.receive(0, signed_order(keys, 1)) == verdict::accepted);
  CHECK(general.receive(0, signed_order(keys, 1)) == verdict::repeated);
  CHECK(general.end_round().size() == 2);
  CHECK(general.end_round().empty());
  general.end_round();
  CHECK(general.decision() == order::attack);
}

TEST_CASE("two signed orders are as good as none") {
  auto keys = make_ed25519_keys(4, 1);
  general_core general{four_written, 1, keys[1].get(), nullptr};
  general.receive(0, signed_order(keys, 1));
  CHECK(general.receive(0, signed_order(keys, 1, order::retreat))
        == verdict::accepted);
  CHECK(general.end_round().size() == 4);
  general.end_round();
  CHECK(general.decision() == order::retreat);
}

} // namespace weft::byzantine::test

#include "actors/torus/core/model_kernel.hpp"
#include "actors/torus/core/models/phold.hpp"
#include "actors/torus/core/models/user_model.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace weft::torus {

namespace {

/// Counts the events of each site in its record, and sends the count back to
/// where an event came from, twice.
class answering : public user_model {
public:
  std::string description() const override { return "answering"; }
  std::size_t record_bytes() const override { return 4; }

  void handle(turn& at, address source, std::int32_t payload) override {
    std::uint32_t count = 0;
    std::memcpy(&count, at.record().data(), sizeof count);
    ++count;
    std::memcpy(at.record().data(), &count, sizeof count);
    at.state() += static_cast<std::uint64_t>(payload);
    if (source != outside && count < 3)
      at.send(source, 10 * count, static_cast<std::int32_t>(count));
  }

  std::int32_t observe(std::uint64_t state) const override {
    return -static_cast<std::int32_t>(state);
  }
};

/// `phold`, as a module would bring it.
class phold_again : public user_model {
public:
  std::string description() const override { return model_.description(); }
  void handle(turn& at, address source, std::int32_t payload) override {
    model_.handle(at, source, payload);
  }

private:
  phold model_{phold_destination::uniform, 0};
};

model_kernel<erased_model> torus_of(std::unique_ptr<user_model> model) {
  return {{.size = {4, 1, 1}}, erased_model{std::move(model)}};
}

} // namespace

TEST_CASE("a user's model has states, records and events of its own") {
  auto torus = torus_of(std::make_unique<answering>());
  CHECK(torus.description() == "answering");
  REQUIRE(
      torus.inject({.time = 0, .destination = 1, .source = 2, .payload = 7}));
  REQUIRE(torus.run_until(1000));
  // 1 at 0, 2 at 10, 1 at 20, 2 at 40, which is 1's third turn at 60.
  CHECK(torus.counters().processed == 5);
  CHECK(torus.counters().last_event == 60);
  CHECK(torus.state(1) == 7 + 1 + 2);
  CHECK(torus.state(2) == 1 + 2);
  std::vector<std::int32_t> face(1);
  torus.observe(side::first, face);
  CHECK(face[0] == 0);
  CHECK(torus.correct(0, 1).error().code == errc::unsupported);
}

TEST_CASE("records are part of the hash and of the image") {
  auto torus = torus_of(std::make_unique<answering>());
  const auto before = torus.state_hash();
  REQUIRE(torus.inject({.destination = 3, .payload = 0}));
  REQUIRE(torus.run_until(1));
  CHECK(torus.state(3) == 0);
  CHECK(torus.state_hash() != before);
  auto again = torus_of(std::make_unique<answering>());
  REQUIRE(again.restore(torus.save()));
  CHECK(again.state_hash() == torus.state_hash());
}

TEST_CASE("a model does the same whether or not it is known beforehand") {
  auto erased = torus_of(std::make_unique<phold_again>());
  model_kernel<phold> known{{.size = {4, 1, 1}},
                            phold{phold_destination::uniform, 0}};
  for (auto* torus : std::initializer_list<torus_kernel*>{&erased, &known}) {
    for (std::int32_t token = 0; token < 20; ++token)
      REQUIRE(torus->inject({.destination = 2, .payload = token}));
    REQUIRE(torus->run_until(50'000));
  }
  CHECK(erased.state_hash() == known.state_hash());
  CHECK(erased.save() == known.save());
}

} // namespace weft::torus

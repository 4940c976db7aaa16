#include "apps/bench/report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace weft::bench {

namespace {

const figure& figure_of(std::string_view experiment) {
  return find_experiment(experiment)->figures.front();
}

/// one_way three times as fast as the peer's, and a figure without a peer.
report sample() {
  report made;
  made.of = &actors_subject();
  made.machine = {"Some CPU", 4, 2, "Linux 6 x86_64", 0.25};
  made.weft_version = "1.2.3";
  made.commit = "abc123";
  made.caf_version = "0.17.6";
  made.scheduler = {"sharing", 2, 300};
  const auto* erlang = &made.of->peers.front();
  made.peers = {{erlang, "25", ""}};
  made.runs = 3;
  made.seconds = 12;
  made.figures.push_back(
      {&figure_of("one_way"),
       *summarize({3'000'000, 2'900'000, 3'100'000}),
       {{erlang, *summarize({1'000'000, 900'000, 1'100'000})}}});
  made.figures.push_back(
      {&figure_of("ping_pong_nodes_tls"), *summarize({120.5, 119, 130}), {}});
  return made;
}

/// Two peers, of which one is installed; deep halos are 3 times as fast as
/// those of depth 1, those 1.5 times as fast as the peer's.
report heat_sample() {
  auto made = sample();
  made.of = &heat_subject();
  const auto* mpich = &made.of->peers.front();
  const auto* openmpi = &made.of->peers.back();
  made.peers = {{mpich, "4.0.2", ""}, {openmpi, "", "install it"}};
  made.figures = {{&figure_of("heat_256"),
                   *summarize({3000}),
                   {{mpich, *summarize({2000})}}},
                  {&figure_of("heat_256_deep"),
                   *summarize({9000}),
                   {{mpich, *summarize({4000})}}},
                  {&figure_of("heat_512"), *summarize({5000}), {}}};
  return made;
}

report spaces_sample() {
  auto made = sample();
  made.of = &spaces_subject();
  made.peers.clear();
  made.figures = {{&figure_of("core_1k"), *summarize({30e6}), {}},
                  {&figure_of("core_10m"), *summarize({10e6}), {}}};
  return made;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("the JSON has every figure, with its ratio where there is a peer") {
  const auto json = to_json(sample());
  CHECK(json["ok"] == true);
  CHECK(json["subject"] == "actors");
  CHECK(json["machine"]["cores_usable"] == 2);
  CHECK(json["peers"]["erlang"]["title"] == "Erlang/OTP");
  CHECK(json["peers"]["erlang"]["version"] == "25");
  CHECK(json["peers"]["erlang"]["advice"].is_null());
  const auto& fast = json["figures"]["one_way"];
  CHECK(fast["unit"] == "messages/s");
  CHECK(fast["better"] == "higher");
  CHECK(fast["weft"]["median"] == 3'000'000);
  CHECK(fast["peers"]["erlang"]["summary"]["min"] == 900'000);
  CHECK(fast["peers"]["erlang"]["ratio"] == 3);
  const auto& alone = json["figures"]["ping_pong_nodes_tls"];
  CHECK(alone["better"] == "lower");
  CHECK(alone["peers"].empty());
  CHECK(json["relations"].empty());
}

TEST_CASE("each of several peers has its column, its ratio, or its advice") {
  const auto all = heat_sample();
  const auto json = to_json(all);
  CHECK(json["peers"]["openmpi"]["version"].is_null());
  CHECK(json["peers"]["openmpi"]["advice"] == "install it");
  CHECK(json["figures"]["heat_256"]["peers"]["mpich"]["ratio"] == 1.5);
  CHECK_FALSE(json["figures"]["heat_256"]["peers"].contains("openmpi"));
  const auto text = to_text(all);
  CHECK(holds(text, "MPICH 4.0.2"));
  CHECK_FALSE(holds(text, "OPEN MPI"));
  CHECK(holds(text, "install it"));
}

TEST_CASE("a relation puts one figure beside another one of each peer") {
  const auto relations = relations_of(heat_sample());
  REQUIRE(relations.size() == 1);
  CHECK(relations.front().what->name == "deep_to_textbook_256");
  CHECK(relations.front().to->key == "mpich");
  CHECK(relations.front().times == 4.5);
  const auto json = to_json(heat_sample())["relations"]["deep_to_textbook_256"];
  CHECK(json["peers"]["mpich"] == 4.5);
  CHECK(json["weft"].is_null());
}

TEST_CASE("a relation puts one figure of weft beside another one") {
  const auto json = to_json(spaces_sample())["relations"];
  REQUIRE(json.size() == 1);
  CHECK(json["cost_10m_tuples"]["weft"] == 3);
  CHECK(json["cost_10m_tuples"]["peers"].empty());
  const auto text = to_text(spaces_sample());
  CHECK(holds(text, "cost_10m_tuples"));
  CHECK(holds(text, "3.00"));
}

TEST_CASE("the table shows medians with their range, and the ratio") {
  const auto text = to_text(sample());
  CHECK(holds(text, "3,000,000 [2,900,000 .. 3,100,000]"));
  CHECK(holds(text, "120.5 [119.0 .. 130.0]"));
  CHECK(holds(text, "3.00"));
  CHECK(holds(text, "ERLANG/OTP 25"));
  CHECK(holds(text, "weft 1.2.3 (abc123), CAF 0.17.6"));
  CHECK_FALSE(holds(text, "busy"));
  CHECK_FALSE(holds(text, "RELATION"));
}

TEST_CASE("without a peer there is no column for it, but what to do") {
  auto all = sample();
  all.peers.front() = {all.peers.front().kind, "", "install it"};
  all.figures.front().peers.clear();
  const auto text = to_text(all);
  CHECK_FALSE(holds(text, "ERLANG"));
  CHECK_FALSE(holds(text, "RATIO"));
  CHECK(holds(text, "install it"));
  CHECK(to_json(all)["peers"]["erlang"]["version"].is_null());
  CHECK(to_json(all)["peers"]["erlang"]["advice"] == "install it");
}

TEST_CASE("a busy machine is said to be busy") {
  auto all = sample();
  all.machine.load = 3;
  CHECK(holds(to_text(all), "busy"));
}

TEST_CASE("values are shown with three digits or more") {
  CHECK(format_value(0.5) == "0.50");
  CHECK(format_value(99.123) == "99.12");
  CHECK(format_value(119.125) == "119.1");
  CHECK(format_value(1000) == "1,000");
  CHECK(format_value(12'345'678.4) == "12,345,678");
}

} // namespace weft::bench

#include "apps/bench/report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace weft::bench {

namespace {

/// one_way three times as fast as the peer's, and a figure without a peer.
actors_report sample() {
  actors_report report;
  report.machine = {"Some CPU", 4, 2, "Linux 6 x86_64", 0.25};
  report.weft_version = "1.2.3";
  report.commit = "abc123";
  report.caf_version = "0.17.6";
  report.scheduler = {"sharing", 2, 300};
  report.erlang_version = "25";
  report.runs = 3;
  report.seconds = 12;
  const auto& fast = find_experiment("one_way")->figures.front();
  const auto& alone = find_experiment("ping_pong_nodes_tls")->figures.front();
  report.figures.push_back({&fast,
                            *summarize({3'000'000, 2'900'000, 3'100'000}),
                            *summarize({1'000'000, 900'000, 1'100'000})});
  report.figures.push_back({&alone, *summarize({120.5, 119, 130}), {}});
  return report;
}

} // namespace

TEST_CASE("the JSON has every figure, with its ratio where there is a peer") {
  const auto json = to_json(sample());
  CHECK(json["ok"] == true);
  CHECK(json["subject"] == "actors");
  CHECK(json["machine"]["cores_usable"] == 2);
  CHECK(json["erlang"] == "25");
  CHECK(json["advice"].is_null());
  const auto& fast = json["figures"]["one_way"];
  CHECK(fast["unit"] == "messages/s");
  CHECK(fast["better"] == "higher");
  CHECK(fast["weft"]["median"] == 3'000'000);
  CHECK(fast["erlang"]["min"] == 900'000);
  CHECK(fast["ratio"] == 3);
  const auto& alone = json["figures"]["ping_pong_nodes_tls"];
  CHECK(alone["better"] == "lower");
  CHECK(alone["erlang"].is_null());
  CHECK(alone["ratio"].is_null());
}

TEST_CASE("the table shows medians with their range, and the ratio") {
  const auto text = to_text(sample());
  CHECK(text.find("3,000,000 [2,900,000 .. 3,100,000]") != std::string::npos);
  CHECK(text.find("120.5 [119.0 .. 130.0]") != std::string::npos);
  CHECK(text.find("3.00") != std::string::npos);
  CHECK(text.find("ERLANG/OTP 25") != std::string::npos);
  CHECK(text.find("weft 1.2.3 (abc123), CAF 0.17.6") != std::string::npos);
  CHECK(text.find("busy") == std::string::npos);
}

TEST_CASE("without a peer there is no column for it, but what to do") {
  auto report = sample();
  report.erlang_version.clear();
  report.advice = "install it";
  report.figures.front().erlang.reset();
  const auto text = to_text(report);
  CHECK(text.find("ERLANG") == std::string::npos);
  CHECK(text.find("RATIO") == std::string::npos);
  CHECK(text.find("install it") != std::string::npos);
  CHECK(to_json(report)["erlang"].is_null());
  CHECK(to_json(report)["advice"] == "install it");
}

TEST_CASE("a busy machine is said to be busy") {
  auto report = sample();
  report.machine.load = 3;
  CHECK(to_text(report).find("busy") != std::string::npos);
}

TEST_CASE("values are shown with three digits or more") {
  CHECK(format_value(0.5) == "0.50");
  CHECK(format_value(99.123) == "99.12");
  CHECK(format_value(119.125) == "119.1");
  CHECK(format_value(1000) == "1,000");
  CHECK(format_value(12'345'678.4) == "12,345,678");
}

} // namespace weft::bench

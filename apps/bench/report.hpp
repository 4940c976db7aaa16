#pragma once

#include "apps/bench/experiments.hpp"
#include "apps/bench/machine.hpp"
#include "apps/bench/samples.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weft::bench {

/// A figure of weft and of its peer.
struct compared_figure {
  const figure* what = nullptr;
  summary weft;
  /// Absent: the peer has no such figure, or there is no peer.
  std::optional<summary> erlang;
};

/// How actors are scheduled in the measured processes.
struct scheduler_settings {
  std::string policy;
  std::uint64_t threads = 0;
  std::uint64_t max_throughput = 0;
};

/// Everything that a benchmark of actors found.
struct actors_report {
  bench::machine machine;
  std::string weft_version;
  /// "1a2b3c4d5e6f", with "+" when it was built from changed files; empty when
  /// unknown.
  std::string commit;
  std::string caf_version;
  scheduler_settings scheduler;
  /// The release of OTP; empty: there was no peer.
  std::string erlang_version;
  /// Why there was no peer and what to do; else empty.
  std::string advice;
  std::uint64_t runs = 0;
  bool smoke = false;
  double seconds = 0;
  std::vector<compared_figure> figures;
};

/// How much better weft's median is; empty without a peer.
std::optional<double> ratio_of(const compared_figure& figure);

/// 3 digits or more, thousands apart: "3,512,345", "119.1", "1.65".
std::string format_value(double value);

/// {ok, subject, machine, versions, runs, figures: {one_way: {unit, better,
/// question, weft: {...}, erlang: {...} | null, ratio | null}, ...}}
nlohmann::json to_json(const actors_report& report);

/// The same to read: where it ran, a table, and what the ratio means.
std::string to_text(const actors_report& report);

} // namespace weft::bench

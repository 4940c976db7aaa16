#pragma once

#include "apps/bench/machine.hpp"
#include "apps/bench/samples.hpp"
#include "apps/bench/subject.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weft::bench {

/// A figure of one peer.
struct peer_figure {
  const peer_kind* of = nullptr;
  summary numbers;
};

/// A figure of weft and of those peers that have it and are installed.
struct compared_figure {
  const figure* what = nullptr;
  summary weft;
  std::vector<peer_figure> peers;
};

/// How actors are scheduled in the measured processes.
struct scheduler_settings {
  std::string policy;
  std::uint64_t threads = 0;
  std::uint64_t max_throughput = 0;
};

struct known_peer {
  const peer_kind* kind = nullptr;
  /// Empty: it was not measured.
  std::string version;
  /// Why not, and what to do; else empty.
  std::string advice;
};

/// Everything that a benchmark found.
struct report {
  const subject* of = nullptr;
  bench::machine machine;
  std::string weft_version;
  /// "1a2b3c4d5e6f", with "+" when it was built from changed files; empty when
  /// unknown.
  std::string commit;
  std::string caf_version;
  scheduler_settings scheduler;
  std::vector<known_peer> peers;
  std::uint64_t runs = 0;
  bool smoke = false;
  double seconds = 0;
  std::vector<compared_figure> figures;
};

/// How much better weft's median is than the peer's.
double ratio_of(const compared_figure& figure, const peer_figure& peer);

/// One of the subject's relations as it was measured.
struct measured_relation {
  const relation* what = nullptr;
  /// Null: between two figures of weft.
  const peer_kind* to = nullptr;
  double times = 0;
};

/// Those whose figures were measured.
std::vector<measured_relation> relations_of(const report& all);

/// 3 digits or more, thousands apart: "3,512,345", "119.1", "1.65".
std::string format_value(double value);

/// {ok, subject, machine, versions, peers: {erlang: {title, version | null,
/// advice | null}}, runs, figures: {one_way: {unit, better, question, weft:
/// {...}, peers: {erlang: {summary: {...}, ratio}}}, ...}, relations: {NAME:
/// {question, weft | null, peers: {mpich: ...}}}}
nlohmann::json to_json(const report& all);

/// The same to read: where it ran, tables, and what the ratios mean.
std::string to_text(const report& all);

} // namespace weft::bench

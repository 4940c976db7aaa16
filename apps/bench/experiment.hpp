#pragma once

#include "apps/bench/node_pair.hpp"
#include "apps/bench/samples.hpp"
#include "runtime/base/result.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace weft::bench {

/// One number that is reported, with the question that it answers.
struct figure {
  std::string_view name;
  std::string_view unit;
  bench::better better = better::lower;
  std::string_view question;
};

/// How much one run does.
struct run_size {
  /// The experiment's `count` or `smoke_count`.
  std::uint64_t count = 0;
  /// Whatever else is large is made small too.
  bool smoke = false;
};

/// What a measuring process is told.
struct run_settings {
  run_size size;
  /// Of the experiment's second process.
  std::uint16_t port = 0;
  certificates proof;
};

/// What a run found: a number for each figure, and the result behind them.
using run_numbers = result<std::vector<double>>;

/// Of an experiment with a single figure.
inline run_numbers only(result<double> value) {
  if (!value)
    return pass_on(value);
  return std::vector{*value};
}

/// What one process measures in one run: one number for each of its figures.
/// Each run has a fresh process, weft's as well as a peer's.
struct experiment {
  /// Unique among all subjects.
  std::string_view name;
  std::span<const figure> figures;
  /// How much of it is done in a run, and in one of the smoke test: how often,
  /// or for how many milliseconds.
  std::uint64_t count = 0;
  std::uint64_t smoke_count = 0;
  /// One run in this process. Blocks.
  run_numbers (*measure)(const experiment& what,
                         const run_settings& how) = nullptr;
  /// Keys of the peers that have it too.
  std::span<const std::string_view> peers = {};
  /// The subcommand of `weft bench` that it needs a second process of; empty:
  /// none.
  std::string_view companion = {};
  /// The two talk over TLS.
  bool secure = false;
  /// What was computed comes behind the figures, as a number that is the same
  /// in every run of weft and of every peer.
  bool has_result = false;
};

/// How many numbers a run of it reports.
inline std::size_t numbers_of(const experiment& what) {
  return what.figures.size() + (what.has_result ? 1 : 0);
}

} // namespace weft::bench

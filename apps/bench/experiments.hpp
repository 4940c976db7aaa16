#pragma once

#include "apps/bench/samples.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace weft::bench {

/// One number that is reported, with the question that it answers.
struct figure {
  std::string_view name;
  std::string_view unit;
  bench::better better = better::lower;
  std::string_view question;
};

/// What one process measures in one run: one number for each of its figures.
/// Each run has a fresh process, weft's as well as the peer's.
struct experiment {
  std::string_view name;
  std::span<const figure> figures;
  /// How often the thing is done in a run, and in one of the smoke test.
  std::uint64_t count = 0;
  std::uint64_t smoke_count = 0;
  /// The peer has it too, under the same name.
  bool has_peer = true;
  /// It needs a second process that echoes, over TLS or plain.
  bool echo = false;
  bool secure = false;
};

/// All experiments, in the order in which they are run and reported.
std::span<const experiment> experiments();

/// The experiment of this name; null when there is none.
const experiment* find_experiment(std::string_view name);

} // namespace weft::bench

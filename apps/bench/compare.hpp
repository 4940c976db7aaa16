#pragma once

#include "apps/bench/report.hpp"
#include "apps/bench/subject.hpp"
#include "runtime/base/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::bench {

struct compare_options {
  /// Of each experiment, of weft and of each peer, after one that is not
  /// counted. 1 to 1000.
  std::uint64_t runs = 5;
  /// Everything tiny, to see that it works.
  bool smoke = false;
  bool peers = true;
  /// Names of the experiments to do; empty: all.
  std::vector<std::string> only;
  /// Gets what is about to be done.
  std::function<void(std::string_view)> progress;
};

/// Measures weft and the subject's peers in turn: weft, a peer, another one,
/// weft and so on, each run in fresh processes.
///
/// Fails with `invalid_argument` (an experiment that does not exist, runs out
/// of range), `cancelled` (SIGINT, SIGTERM, SIGHUP), `timed_out`, `internal`
/// when a result is wrong, differs from run to run, or a process fails, `io`.
/// No process and no file is left, however it ends. Blocks. Needs a process
/// without other threads that is the program `weft`: it calls itself with the
/// hidden subcommands of `weft bench`.
result<report> compare(const subject& what, const compare_options& options);

} // namespace weft::bench

#pragma once

#include "apps/bench/ping_pong_nodes.hpp"
#include "apps/bench/report.hpp"
#include "runtime/base/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::bench {

struct actors_options {
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

/// Measures actors of weft and of Erlang/OTP in turn: weft, Erlang, weft,
/// Erlang and so on, each run in a fresh process. Takes about three minutes.
///
/// Fails with `invalid_argument` (an experiment that does not exist, runs out
/// of range), `cancelled` (SIGINT, SIGTERM, SIGHUP), `timed_out`, `internal`
/// when a result is wrong or a process fails, `io`. No process and no file is
/// left, however it ends. Blocks. Needs a process without other threads that
/// is the program `weft`: it calls itself with `bench measure` and `bench
/// echo`.
result<actors_report> bench_actors(const actors_options& options);

/// What `weft bench measure` does.
struct measure_options {
  std::string experiment;
  std::uint64_t count = 0;
  /// Of the echo process, for experiments that need one.
  std::uint16_t port = 0;
  certificates proof;
};

/// One run in this process; returns a number for each of the experiment's
/// figures. Fails as the experiment does; `invalid_argument` when it does not
/// exist.
result<std::vector<double>> measure(const measure_options& options);

} // namespace weft::bench

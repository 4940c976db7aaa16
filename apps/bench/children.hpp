#pragma once

#include "runtime/base/result.hpp"
#include "runtime/launcher/process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace weft::bench {

/// A process of a benchmark and what it has printed. Destroying it kills it
/// and its process group.
class child {
public:
  /// The first 64 KiB of standard output and error; the rest is dropped.
  const std::string& output() const noexcept { return output_; }

  /// How it ended; empty while it runs.
  const std::optional<launcher::exit_status>& ended() const noexcept {
    return ended_;
  }

private:
  friend class children;

  std::string name_;
  std::string output_;
  std::optional<launcher::exit_status> ended_;
  std::unique_ptr<launcher::child_process> process_;
};

/// Runs the processes of a benchmark, each within a time limit. While it lives
/// SIGINT, SIGTERM and SIGHUP do not end this process but whatever is waited
/// for, with `cancelled`. For one thread.
class children {
public:
  children();

  /// Starts a process; `name` is for messages. Fails with `io`.
  result<std::unique_ptr<child>> start(std::string name,
                                       const launcher::command& what);

  /// Waits until `reached` or the process's end. `reached` is asked after
  /// each output, and every 10 ms. Fails with `timed_out`, `cancelled`, and
  /// `internal` with what the process said when it ended before.
  result<void> wait(child& of, std::chrono::nanoseconds limit,
                    const std::function<bool()>& reached);

  /// Runs a process to its end; returns what it printed. Fails as `start` and
  /// `wait`, and with `internal` when its exit code is not 0.
  result<std::string> run(std::string name, const launcher::command& what,
                          std::chrono::nanoseconds limit);

private:
  failure ended_badly(const child& of) const;

  boost::asio::io_context context_;
  boost::asio::signal_set signals_;
  std::string interrupted_by_;
};

} // namespace weft::bench

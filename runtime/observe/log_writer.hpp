#pragma once

#include "runtime/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace weft::observe {

/// Where log lines go.
struct log_outputs {
  /// Standard error.
  bool console = true;
  /// Empty: no file. Its folder must exist.
  std::string file;
  /// The file is renamed to "x.1.log" (and so on) before it grows over this.
  std::size_t file_bytes_max = 64 * 1024 * 1024;
  /// How many renamed files are kept.
  std::size_t files_kept = 3;

  friend bool operator==(const log_outputs&, const log_outputs&) = default;
};

struct log_statistics {
  std::uint64_t written = 0;
  /// Lines lost since the queue was full.
  std::uint64_t dropped = 0;
  /// Lines that an output did not take: disk full, folder gone.
  std::uint64_t failed = 0;
};

/// Writes lines on a thread of its own, so that no caller waits for a disk or
/// a stalled reader of standard error.
///
/// The queue holds at most `queue_bytes_max`; what does not fit is dropped and
/// counted, and a line made by `dropped_line` reports how many once there is
/// room. A file is flushed after an urgent line and within a second after any.
/// Threads: any.
class log_writer {
public:
  static constexpr std::size_t queue_bytes_max = 8 * 1024 * 1024;
  /// How long the destructor waits for queued lines; a reader that is stalled
  /// longer loses them.
  static constexpr std::chrono::milliseconds close_timeout{2'000};

  using dropped_line = std::function<std::string(std::uint64_t count)>;

  explicit log_writer(dropped_line report);
  ~log_writer();
  log_writer(const log_writer&) = delete;
  log_writer& operator=(const log_writer&) = delete;

  /// Replaces the outputs, after the lines queued so far. Fails with `io`, and
  /// leaves the former outputs, when the file cannot be opened; with
  /// `invalid_argument` on a `file_bytes_max` of 0 or more than 1,000 files.
  result<void> open(const log_outputs& outputs);

  /// Queues a line, never waits.
  void write(std::string line, bool urgent);

  /// Waits until all lines queued so far are written and flushed. False if
  /// that took longer than `timeout`.
  bool flush(std::chrono::milliseconds timeout);

  log_statistics statistics() const;

private:
  struct state;
  std::shared_ptr<state> state_;
};

} // namespace weft::observe

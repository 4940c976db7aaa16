#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace weft::launcher {

/// Prints lines on a descriptor from a thread of its own, so that a paused
/// terminal or a slow reader never holds up its callers, and through them the
/// nodes. Up to `queue_lines_max` lines wait; when there are more, new ones
/// are dropped and their number is printed later.
class terminal_printer {
public:
  static constexpr std::size_t queue_lines_max = 4096;

  /// `fd` stays the caller's and stays open longer than the printer.
  explicit terminal_printer(int fd);

  /// Prints what waits as long as the reader takes it, at most a second after
  /// it last did.
  ~terminal_printer();
  terminal_printer(const terminal_printer&) = delete;
  terminal_printer& operator=(const terminal_printer&) = delete;

  /// Any thread; never blocks on the descriptor.
  void print(std::string line);

private:
  void run();
  bool write(const std::string& text);
  bool wait_for_reader();

  int fd_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  std::size_t dropped_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

} // namespace weft::launcher

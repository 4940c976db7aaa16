#pragma once

#include <functional>
#include <string>
#include <thread>

namespace weft::apps {

/// SIGINT, SIGTERM and SIGHUP as calls instead of interruptions. To be made
/// before any other thread; blocks the signals for the process from then on.
/// The second signal ends the process at once with exit code 130.
class end_signals {
public:
  end_signals();
  ~end_signals();
  end_signals(const end_signals&) = delete;
  end_signals& operator=(const end_signals&) = delete;

  /// Calls `then("SIGTERM")` at the first signal, in a thread of its own; one
  /// that came before this call counts.
  void on_first(std::function<void(const std::string&)> then);

  /// No call is made after this returns.
  void stop();

private:
  void run();

  std::function<void(const std::string&)> then_;
  std::thread thread_;
};

} // namespace weft::apps

#pragma once

#include <string>

namespace weft::launcher {

/// How a process ended: by itself with a code, or by a signal.
struct exit_status {
  /// The exit code, 0 to 255; meaningful when `signal` is 0.
  int code = 0;
  /// The signal that ended the process; 0: it ended by itself.
  int signal = 0;

  bool success() const noexcept { return code == 0 && signal == 0; }

  friend bool operator==(const exit_status&, const exit_status&) = default;
};

/// "exit code 3" or "signal SIGSEGV".
std::string to_string(exit_status status);

} // namespace weft::launcher

#include "runtime/launcher/exit_status.hpp"

#include <fmt/format.h>

#include <cstring>

namespace weft::launcher {

std::string to_string(exit_status status) {
  if (status.signal == 0)
    return fmt::format("exit code {}", status.code);
  // sigabbrev_np knows no real-time signals.
  const char* name = sigabbrev_np(status.signal);
  return name == nullptr ? fmt::format("signal {}", status.signal)
                         : fmt::format("signal SIG{}", name);
}

} // namespace weft::launcher

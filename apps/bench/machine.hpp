#pragma once

#include <string>
#include <string_view>

namespace weft::bench {

/// Where a benchmark ran.
struct machine {
  /// "AMD EPYC 7B13"; "unknown" when the kernel does not say.
  std::string cpu;
  unsigned cores = 0;
  /// Those that this process may run on.
  unsigned cores_usable = 0;
  /// "Linux 6.1.0-18-amd64 x86_64"
  std::string kernel;
  /// Processes that wanted to run, averaged over the last minute: at the start
  /// of a benchmark on a quiet machine near 0.
  double load = 0;
};

/// The value of the first "model name" in the text of /proc/cpuinfo (on other
/// architectures than x86 "Model" or "CPU part"); "unknown" without one.
std::string cpu_model(std::string_view cpuinfo);

/// This machine, now.
machine describe_machine();

} // namespace weft::bench

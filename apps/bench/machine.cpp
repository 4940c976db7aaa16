#include "apps/bench/machine.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sched.h>
#include <sys/utsname.h>
#include <thread>

namespace weft::bench {

std::string cpu_model(std::string_view cpuinfo) {
  for (const std::string_view key : {"model name", "Model", "CPU part"})
    for (const auto line : split(cpuinfo, '\n')) {
      const auto colon = line.find(':');
      if (colon != line.npos && trim(line.substr(0, colon)) == key)
        return std::string{trim(line.substr(colon + 1))};
    }
  return "unknown";
}

machine describe_machine() {
  machine here;
  std::ifstream file{"/proc/cpuinfo"};
  const std::string cpuinfo{std::istreambuf_iterator<char>{file}, {}};
  here.cpu = cpu_model(cpuinfo);
  here.cores = std::thread::hardware_concurrency();
  cpu_set_t usable;
  if (::sched_getaffinity(0, sizeof usable, &usable) == 0)
    here.cores_usable = static_cast<unsigned>(CPU_COUNT(&usable));
  utsname names{};
  if (::uname(&names) == 0)
    here.kernel =
        fmt::format("{} {} {}", names.sysname, names.release, names.machine);
  ::getloadavg(&here.load, 1);
  return here;
}

} // namespace weft::bench

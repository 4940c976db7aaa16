#include "runtime/launcher/leftovers.hpp"

#include "runtime/base/unique_fd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <string_view>
#include <sys/syscall.h>
#include <unistd.h>

namespace weft::launcher {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kill_grace{1000};

struct suspect {
  leftover what;
  unique_fd process;
};

/// A file of /proc, whose size is not known before it is read.
std::string read_all(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

bool has_setting(std::string_view environment, std::string_view setting) {
  for (std::size_t begin = 0; begin < environment.size();) {
    const auto end =
        std::min(environment.find('\0', begin), environment.size());
    if (environment.substr(begin, end - begin) == setting)
      return true;
    begin = end + 1;
  }
  return false;
}

std::vector<suspect> find_all(const std::string& setting) {
  std::vector<suspect> found;
  std::error_code ignored;
  for (const auto& entry :
       std::filesystem::directory_iterator{"/proc", ignored}) {
    const auto name = entry.path().filename().string();
    pid_t pid = 0;
    const auto end = name.data() + name.size();
    if (std::from_chars(name.data(), end, pid).ptr != end || pid == ::getpid())
      continue;
    // First the descriptor, then the look: what is signalled later is what
    // was looked at.
    unique_fd process{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
    const auto proc = entry.path().string();
    if (!process || !has_setting(read_all(proc + "/environ"), setting))
      continue;
    auto command = read_all(proc + "/cmdline");
    std::ranges::replace(command, '\0', ' ');
    while (command.ends_with(' '))
      command.pop_back();
    found.push_back({{pid, std::move(command), false}, std::move(process)});
  }
  return found;
}

void signal(const suspect& who, int number) {
  ::syscall(SYS_pidfd_send_signal, who.process.get(), number, nullptr, 0);
}

bool ended(const suspect& who, clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - clock::now());
  pollfd process{who.process.get(), POLLIN, 0};
  return ::poll(&process, 1, std::max(0, static_cast<int>(left.count()))) > 0;
}

} // namespace

std::vector<leftover> end_leftovers(const std::string& root,
                                    std::chrono::milliseconds grace) {
  auto found = find_all(fmt::format("{}={}", run_dir_variable, root));
  for (const auto& each : found)
    signal(each, SIGTERM);
  const auto deadline = clock::now() + grace;
  for (auto& each : found) {
    if (ended(each, deadline))
      continue;
    each.what.killed = true;
    signal(each, SIGKILL);
  }
  std::vector<leftover> all;
  const auto kill_deadline = clock::now() + kill_grace;
  for (auto& each : found) {
    ended(each, kill_deadline);
    all.push_back(std::move(each.what));
  }
  return all;
}

} // namespace weft::launcher

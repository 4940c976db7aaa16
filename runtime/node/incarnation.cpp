#include "runtime/node/incarnation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace weft {

namespace {

std::uint64_t remembered(const std::string& file) {
  std::uint64_t last = 0;
  std::ifstream{file} >> last;
  return last;
}

result<void> remember(const std::string& file, std::uint64_t number) {
  const auto fresh = file + ".new";
  std::ofstream out{fresh};
  out << number << '\n';
  out.close();
  std::error_code code;
  if (out)
    std::filesystem::rename(fresh, file, code);
  if (!out || code)
    return fail(errc::io, fmt::format("cannot write {}; make its folder "
                                      "writable or choose another with "
                                      "--run-dir",
                                      file));
  return {};
}

} // namespace

result<std::uint64_t>
next_incarnation(const std::string& file,
                 std::chrono::system_clock::time_point now) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  const auto clock = static_cast<std::uint64_t>(
      duration_cast<milliseconds>(now.time_since_epoch()).count());
  const auto number = std::max(clock, remembered(file) + 1);
  if (auto kept = remember(file, number); !kept)
    return pass_on(kept);
  return number;
}

} // namespace weft

#include "apps/weft/log_merge.hpp"

#include <algorithm>
#include <cctype>

namespace weft::apps {

namespace {

constexpr std::string_view json_head = "{\"ts\":\"";
/// "2026-11-21T10:00:00" is the part that every stamp has.
constexpr std::size_t stamp_least = 19;

struct stamped {
  std::string_view time;
  const log_line* line;
};

} // namespace

std::string_view time_of_line(std::string_view line) {
  if (line.starts_with(json_head))
    line.remove_prefix(json_head.size());
  const auto end = line.find_first_of(" \"");
  const auto stamp = line.substr(0, end);
  const bool plausible = stamp.size() >= stamp_least && stamp[4] == '-'
                         && stamp[10] == 'T'
                         && std::isdigit(static_cast<unsigned char>(stamp[0]));
  return plausible ? stamp : std::string_view{};
}

std::vector<log_line>
merge_logs(const std::vector<std::vector<log_line>>& logs) {
  std::vector<stamped> all;
  for (const auto& log : logs) {
    std::string_view last;
    for (const auto& line : log) {
      const auto own = time_of_line(line.text);
      last = own.empty() ? last : own;
      all.push_back({last, &line});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.time < b.time;
  });
  std::vector<log_line> merged;
  merged.reserve(all.size());
  for (const auto& each : all)
    merged.push_back(*each.line);
  return merged;
}

} // namespace weft::apps

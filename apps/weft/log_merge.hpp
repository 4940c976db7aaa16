#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft::apps {

/// A line of one node's log.
struct log_line {
  std::string node;
  std::string text;
};

/// The lines of several logs as one, in order of the time that each begins
/// with ("2026-11-21T10:00:00.123Z ..." or {"ts":"..."}); a line without one
/// stays behind the line before it. Lines of one log keep their order, and of
/// equal times the earlier log goes first. Cost: O(n log n).
std::vector<log_line>
merge_logs(const std::vector<std::vector<log_line>>& logs);

/// The time stamp at the head of a line, as its text; "" if there is none.
std::string_view time_of_line(std::string_view line);

} // namespace weft::apps

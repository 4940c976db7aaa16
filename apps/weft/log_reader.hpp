#pragma once

#include "apps/weft/log_merge.hpp"
#include "runtime/base/unique_fd.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <sys/types.h>
#include <vector>

namespace weft::apps {

/// Reads one node's log from where it was left, also when it is rotated away
/// meanwhile: the old file is read to its end before the new one. A file that
/// comes and is rotated away between two calls is not seen. Threads: one.
class log_reader {
public:
  static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

  log_reader(std::string node, std::string path)
      : node_{std::move(node)}, path_{std::move(path)} {}

  /// The lines that came since the last call, at most the last `limit`; a line
  /// without its end comes when it has one. None when there is no file.
  std::vector<log_line> read(std::size_t limit = all);

private:
  void take_lines(std::deque<log_line>& lines, std::size_t limit);
  void start_anew();

  std::string node_;
  std::string path_;
  unique_fd file_;
  off_t position_ = 0;
  /// The beginning of a line that has no end yet.
  std::string rest_;
};

/// What is new in each of them, at most the last `limit` lines of each, merged
/// by time.
std::vector<log_line> read_news(std::vector<log_reader>& readers,
                                std::size_t limit = log_reader::all);

/// Shows what comes as long as `goes_on`, which waits a while, says so; and
/// once more after that, so that what was written meanwhile is shown too.
void follow_logs(std::vector<log_reader>& readers,
                 const std::function<bool()>& goes_on,
                 const std::function<void(const std::vector<log_line>&)>& show);

} // namespace weft::apps

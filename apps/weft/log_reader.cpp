#include "apps/weft/log_reader.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <iterator>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace weft::apps {

namespace {

constexpr std::size_t piece_bytes = 64 * 1024;

void keep_line(std::deque<log_line>& lines, log_line line, std::size_t limit) {
  lines.push_back(std::move(line));
  if (lines.size() > limit)
    lines.pop_front();
}

} // namespace

std::vector<log_line> log_reader::read(std::size_t limit) {
  std::deque<log_line> lines;
  // Before the old file is read: nobody writes to it once there is a new one.
  struct stat named {
  }, open{};
  const bool there = ::stat(path_.c_str(), &named) == 0;
  const bool opened = file_ && ::fstat(file_.get(), &open) == 0;
  const bool replaced =
      there && opened
      && (named.st_ino != open.st_ino || named.st_dev != open.st_dev);
  const bool emptied = opened && open.st_size < position_;
  if (opened && !emptied)
    take_lines(lines, limit);
  if (replaced && !rest_.empty())
    keep_line(lines, {node_, rest_}, limit);
  if (there && (!opened || replaced || emptied)) {
    start_anew();
    take_lines(lines, limit);
  }
  return {std::make_move_iterator(lines.begin()),
          std::make_move_iterator(lines.end())};
}

void log_reader::take_lines(std::deque<log_line>& lines, std::size_t limit) {
  std::array<char, piece_bytes> buffer;
  for (;;) {
    const auto count = ::read(file_.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return;
    position_ += count;
    std::string_view piece{buffer.data(), static_cast<std::size_t>(count)};
    for (auto end = piece.find('\n'); end != std::string_view::npos;
         end = piece.find('\n')) {
      rest_ += piece.substr(0, end);
      keep_line(lines, {node_, std::exchange(rest_, {})}, limit);
      piece.remove_prefix(end + 1);
    }
    rest_ += piece;
  }
}

void log_reader::start_anew() {
  file_.reset(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  position_ = 0;
  rest_.clear();
}

std::vector<log_line> read_news(std::vector<log_reader>& readers,
                                std::size_t limit) {
  std::vector<std::vector<log_line>> logs;
  for (auto& reader : readers)
    logs.push_back(reader.read(limit));
  return merge_logs(logs);
}

void follow_logs(
    std::vector<log_reader>& readers, const std::function<bool()>& goes_on,
    const std::function<void(const std::vector<log_line>&)>& show) {
  for (bool more = true; more;) {
    more = goes_on();
    show(read_news(readers));
  }
}

} // namespace weft::apps

#include "runtime/launcher/line_splitter.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>

namespace weft::launcher {

line_splitter::line_splitter(std::size_t line_bytes_max)
    : line_bytes_max_(line_bytes_max) {
  WEFT_ASSERT(line_bytes_max > 0);
}

void line_splitter::feed(std::string_view piece,
                         const std::function<void(std::string_view)>& line) {
  while (!piece.empty()) {
    const auto end = piece.find('\n');
    const auto room = line_bytes_max_ - rest_.size();
    const auto count = std::min({end, piece.size(), room});
    rest_.append(piece.substr(0, count));
    piece.remove_prefix(count);
    if (count == end) {
      piece.remove_prefix(1);
      if (rest_.ends_with('\r'))
        rest_.pop_back();
      line(rest_);
      rest_.clear();
    } else if (rest_.size() == line_bytes_max_ && !piece.empty()
               && piece.front() != '\n') {
      line(rest_);
      rest_.clear();
    }
  }
}

void line_splitter::finish(const std::function<void(std::string_view)>& line) {
  if (!rest_.empty())
    line(rest_);
  rest_.clear();
}

} // namespace weft::launcher

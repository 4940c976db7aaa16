#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace weft::launcher {

/// Cuts a stream of bytes into lines, whatever pieces it comes in. A line
/// longer than `line_bytes_max` is handed on in parts of that size, so that
/// nothing is lost and memory stays bounded. "\r\n" ends a line like "\n".
class line_splitter {
public:
  explicit line_splitter(std::size_t line_bytes_max);

  /// Calls `line` with each line that `piece` completes, without its end.
  void feed(std::string_view piece,
            const std::function<void(std::string_view)>& line);

  /// Hands on what came after the last line end, if anything.
  void finish(const std::function<void(std::string_view)>& line);

private:
  std::size_t line_bytes_max_;
  std::string rest_;
};

} // namespace weft::launcher

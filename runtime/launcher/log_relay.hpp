#pragma once

#include "runtime/base/result.hpp"
#include "runtime/launcher/line_splitter.hpp"
#include "runtime/launcher/rotating_file.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::launcher {

/// What stands before a node's line on the terminal: "n2    | ", the name
/// padded to `width`; with `colour` in a colour that depends on `index`.
std::string line_prefix(std::string_view node, std::size_t index,
                        std::size_t width, bool colour);

/// Whether to colour what goes to a terminal: not when NO_COLOR is set to
/// anything but "" (no-color.org), nor when it is no terminal.
bool use_colour(const char* no_color, bool is_terminal) noexcept;

struct log_relay_options {
  /// The node's log file.
  std::string path;
  std::size_t file_bytes_max = 16 * 1024 * 1024;
  /// Longer lines are cut in parts of this size.
  std::size_t line_bytes_max = 16 * 1024;
  /// Lines kept for the report of a failure.
  std::size_t tail_lines_max = 20;
  /// Prepended to each line for `print`.
  std::string prefix;
  /// Gets every line with its prefix; empty: the file alone.
  std::function<void(std::string)> print;
  /// Gets the first failure to write the file, not each; may be empty.
  std::function<void(const failure&)> troubled;
};

/// Takes the output of one node's processes and brings each line to the
/// node's log file and, if asked, to the terminal. Not for concurrent use.
class log_relay {
public:
  /// Fails with `io` when the file cannot be opened.
  static result<log_relay> open(log_relay_options options);

  /// Any piece of the output, as it comes.
  void output(std::string_view piece);

  /// The process has ended: a last line without an end is complete.
  void process_ended();

  /// The last lines, oldest first.
  std::vector<std::string> tail() const;

private:
  log_relay(log_relay_options options, rotating_file file);

  void line(std::string_view text);

  log_relay_options options_;
  rotating_file file_;
  line_splitter splitter_;
  std::deque<std::string> tail_;
  bool in_trouble_ = false;
};

} // namespace weft::launcher

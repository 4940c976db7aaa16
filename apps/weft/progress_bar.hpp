#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <unistd.h>

namespace weft::apps {

/// One line on the terminal of standard error that is written over; nothing
/// elsewhere, or when quiet.
class progress_bar {
public:
  explicit progress_bar(bool quiet)
      : shown_{!quiet && isatty(STDERR_FILENO) != 0} {}
  ~progress_bar() { clear(); }
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  /// How much is done, 0 to 1, and a remark.
  void show(double share, std::string_view text) {
    share = std::clamp(share, 0.0, 1.0);
    const auto filled = static_cast<std::size_t>(share * width);
    show(fmt::format("[{}{}] {:3.0f}% {}", std::string(filled, '#'),
                     std::string(width - filled, '.'), share * 100, text));
  }

  /// What is being done, for an unknown time.
  void show(std::string_view text) {
    if (!shown_)
      return;
    fmt::print(stderr, "\r\033[K{}", text);
    std::fflush(stderr);
    drawn_ = true;
  }

  void clear() {
    if (drawn_)
      fmt::print(stderr, "\r\033[K");
    drawn_ = false;
  }

private:
  static constexpr std::size_t width = 30;

  bool shown_;
  bool drawn_ = false;
};

} // namespace weft::apps

#pragma once

#include "runtime/base/result.hpp"
#include "runtime/base/unique_fd.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace weft::launcher {

/// An append-only log file of bounded size: before a write that would exceed
/// `bytes_max` the file becomes PATH.1, replacing the one before, and a new
/// one begins. So at most twice `bytes_max` lie on the disk. Mode 0600.
class rotating_file {
public:
  /// Opens or creates the file. Fails with `io`.
  static result<rotating_file> open(std::string path, std::size_t bytes_max);

  /// Appends `text` and a line end, at once. Fails with `io` (disk full, file
  /// system gone): then this line is lost, later ones are tried again.
  result<void> write_line(std::string_view text);

private:
  rotating_file(std::string path, std::size_t bytes_max)
      : path_(std::move(path)), bytes_max_(bytes_max) {}

  result<void> reopen();

  std::string path_;
  std::size_t bytes_max_;
  std::size_t size_ = 0;
  unique_fd file_;
};

} // namespace weft::launcher

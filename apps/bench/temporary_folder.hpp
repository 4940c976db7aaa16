#pragma once

#include "runtime/base/result.hpp"

#include <string>
#include <string_view>

namespace weft::bench {

/// A folder below TMPDIR (else /tmp), mode 0700, that vanishes with all it
/// holds when the object does.
class temporary_folder {
public:
  /// Fails with `io`.
  static result<temporary_folder> make();

  temporary_folder(temporary_folder&& other) noexcept
      : path_{std::move(other.path_)} {
    other.path_.clear();
  }
  temporary_folder& operator=(temporary_folder&&) = delete;
  ~temporary_folder();

  const std::string& path() const noexcept { return path_; }

  /// Writes a file in it and returns its path. Fails with `io`.
  result<std::string> write(std::string_view name,
                            std::string_view content) const;

private:
  explicit temporary_folder(std::string path) : path_{std::move(path)} {}

  std::string path_;
};

} // namespace weft::bench

#pragma once

#include "runtime/base/result.hpp"
#include "runtime/base/unique_fd.hpp"
#include "spaces/snapshot_file.hpp"

#include <string>
#include <string_view>

namespace weft::actors {

/// A file that takes its name when it is whole: until `finish` there is
/// nothing, or what was there before. Fails with `io`, or what `errno` says.
class draft_file {
public:
  static result<draft_file> create(const std::string& path);
  draft_file(draft_file&& other) noexcept;
  draft_file& operator=(draft_file&&) = delete;
  ~draft_file();

  result<void> write(std::string_view bytes);
  /// It is on the disk when this returns.
  result<void> finish();

private:
  draft_file(std::string path, std::string draft, unique_fd file);

  std::string path_;
  /// Empty: it is no draft any more.
  std::string draft_;
  unique_fd file_;
};

/// Reads the file from its beginning. Fails with `not_found`,
/// `permission_denied` or `io`.
result<spaces::snapshot_reader> open_snapshot(const std::string& path);

} // namespace weft::actors

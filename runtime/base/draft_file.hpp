#pragma once

#include "runtime/base/result.hpp"
#include "runtime/base/unique_fd.hpp"

#include <string>
#include <string_view>

namespace weft {

/// A file of mode 0600 that takes its name when it is whole: until then there
/// is nothing under that name, or what was there before. One that is destroyed
/// before leaves nothing.
///
/// Fails with `not_found` (a folder that is not there), `permission_denied` or
/// `io`; the text names the file.
class draft_file {
public:
  /// The draft lies beside the file, under a name that nobody holds yet.
  static result<draft_file> create(const std::string& path);
  draft_file(draft_file&& other) noexcept;
  draft_file& operator=(draft_file&&) = delete;
  ~draft_file();

  result<void> write(std::string_view bytes);

  /// Gives it its name, and nothing is left to do. When the machine loses its
  /// power it may be gone again, or empty.
  result<void> take_name();
  /// The same, and it is on the disk when this returns.
  result<void> finish();

private:
  draft_file(std::string path, std::string draft, unique_fd file);

  std::string path_;
  /// Empty: it is no draft any more.
  std::string draft_;
  unique_fd file_;
};

/// What a file that was written survives.
enum class survives { the_process, a_power_failure };

/// Replaces the file by `content`, of mode 0600, at once: through a draft.
/// Fails with `io`; then the old file is as it was.
result<void> write_atomically(const std::string& path, std::string_view content,
                              survives what = survives::the_process);

/// What errno says about a file: "cannot read a/b: No such file or directory".
tl::unexpected<failure> file_failure(const char* verb, const std::string& path);

} // namespace weft

#include "runtime/base/draft_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <utility>

namespace weft {

namespace {

errc code_of(int error) {
  switch (error) {
  case ENOENT:
  case ENOTDIR:
    return errc::not_found;
  case EACCES:
  case EPERM:
  case EROFS:
    return errc::permission_denied;
  default:
    return errc::io;
  }
}

/// So that a name is on the disk, too.
result<void> sync_folder(const std::string& path) {
  const auto parent = std::filesystem::path{path}.parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  const unique_fd opened{
      ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!opened || ::fsync(opened.get()) != 0)
    return file_failure("save", folder);
  return {};
}

} // namespace

tl::unexpected<failure> file_failure(const char* verb,
                                     const std::string& path) {
  const int error = errno;
  return fail(code_of(error), fmt::format("cannot {} {}: {}", verb, path,
                                          std::strerror(error)));
}

draft_file::draft_file(std::string path, std::string draft, unique_fd file)
    : path_{std::move(path)}, draft_{std::move(draft)}, file_{std::move(file)} {
}

draft_file::draft_file(draft_file&& other) noexcept
    : path_{std::move(other.path_)}, draft_{std::exchange(other.draft_, {})},
      file_{std::move(other.file_)} {}

draft_file::~draft_file() {
  if (!draft_.empty())
    ::unlink(draft_.c_str());
}

result<draft_file> draft_file::create(const std::string& path) {
  auto draft = fmt::format("{}.XXXXXX", path);
  unique_fd file{::mkostemp(draft.data(), O_CLOEXEC)};
  if (!file)
    return file_failure("write", path);
  return draft_file{path, std::move(draft), std::move(file)};
}

result<void> draft_file::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return file_failure("write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

result<void> draft_file::take_name() {
  if (::rename(draft_.c_str(), path_.c_str()) != 0)
    return file_failure("write", path_);
  draft_.clear();
  return {};
}

result<void> draft_file::finish() {
  if (::fsync(file_.get()) != 0)
    return file_failure("save", path_);
  if (auto named = take_name(); !named)
    return named;
  return sync_folder(path_);
}

result<void> write_atomically(const std::string& path, std::string_view content,
                              survives what) {
  auto file = draft_file::create(path);
  if (!file)
    return fail(errc::io, file.error().message);
  auto done = file->write(content);
  if (done)
    done = what == survives::the_process ? file->take_name() : file->finish();
  if (!done)
    return fail(errc::io, done.error().message);
  return {};
}

} // namespace weft

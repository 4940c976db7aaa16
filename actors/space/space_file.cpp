#include "actors/space/space_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <unistd.h>
#include <utility>

namespace weft::actors {

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

tl::unexpected<failure> cannot(const char* what, const std::string& path) {
  const int error = errno;
  return fail(code_of(error), fmt::format("cannot {} {}: {}", what, path,
                                          std::strerror(error)));
}

/// So that the name is on the disk, too.
result<void> sync_folder(const std::string& path) {
  const auto parent = std::filesystem::path{path}.parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  const unique_fd opened{
      ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!opened || ::fsync(opened.get()) != 0)
    return cannot("save", folder);
  return {};
}

} // namespace

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
    return cannot("write", path);
  return draft_file{path, std::move(draft), std::move(file)};
}

result<void> draft_file::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return cannot("write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

result<void> draft_file::finish() {
  if (::fsync(file_.get()) != 0)
    return cannot("save", path_);
  if (::rename(draft_.c_str(), path_.c_str()) != 0)
    return cannot("write", path_);
  draft_.clear();
  return sync_folder(path_);
}

result<spaces::snapshot_reader> open_snapshot(const std::string& path) {
  const auto file =
      std::make_shared<unique_fd>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!*file)
    return cannot("read", path);
  return spaces::snapshot_reader{
      [file, path](std::span<char> into) -> result<std::size_t> {
        std::size_t got = 0;
        while (got < into.size()) {
          const auto count =
              ::read(file->get(), into.data() + got, into.size() - got);
          if (count < 0 && errno == EINTR)
            continue;
          if (count < 0)
            return cannot("read", path);
          if (count == 0)
            break;
          got += static_cast<std::size_t>(count);
        }
        return got;
      }};
}

} // namespace weft::actors

#include "runtime/launcher/rotating_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>

namespace weft::launcher {

namespace {

tl::unexpected<failure> refused(std::string_view verb,
                                const std::string& path) {
  return fail(errc::io, fmt::format("cannot {} log file {}: {}", verb, path,
                                    std::strerror(errno)));
}

} // namespace

result<rotating_file> rotating_file::open(std::string path,
                                          std::size_t bytes_max) {
  rotating_file made{std::move(path), bytes_max};
  if (auto opened = made.reopen(); !opened)
    return pass_on(opened);
  return made;
}

result<void> rotating_file::write_line(std::string_view text) {
  if (size_ > 0 && size_ + text.size() + 1 > bytes_max_) {
    if (::rename(path_.c_str(), (path_ + ".1").c_str()) != 0)
      return refused("rotate", path_);
    if (auto opened = reopen(); !opened)
      return opened;
  }
  char end = '\n';
  const std::array<iovec, 2> parts{
      iovec{const_cast<char*>(text.data()), text.size()}, iovec{&end, 1}};
  ssize_t written = 0;
  do
    written = ::writev(file_.get(), parts.data(), parts.size());
  while (written < 0 && errno == EINTR);
  if (written < 0)
    return refused("write to", path_);
  size_ += static_cast<std::size_t>(written);
  return {};
}

result<void> rotating_file::reopen() {
  file_.reset(::open(path_.c_str(),
                     O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
                     0600));
  if (!file_)
    return refused("open", path_);
  struct stat about {};
  if (::fstat(file_.get(), &about) != 0)
    return refused("inspect", path_);
  size_ = static_cast<std::size_t>(about.st_size);
  return {};
}

} // namespace weft::launcher

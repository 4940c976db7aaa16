#include "runtime/base/file_lock.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>

namespace weft {

namespace {

struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

tl::unexpected<failure> lock_failure(std::string_view verb,
                                     const std::string& path, int why) {
  return fail(why == ENOENT ? errc::not_found : errc::io,
              fmt::format("cannot {} {}: {}", verb, path, std::strerror(why)));
}

} // namespace

result<unique_fd> lock_file(const std::string& path) {
  unique_fd file{
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!file)
    return lock_failure("open", path, errno);
  auto lock = whole_file();
  if (::fcntl(file.get(), F_OFD_SETLK, &lock) == 0)
    return file;
  if (errno == EAGAIN || errno == EACCES)
    return unique_fd{};
  return lock_failure("lock", path, errno);
}

bool is_locked(const std::string& path) {
  const unique_fd file{::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
  auto lock = whole_file();
  return file && ::fcntl(file.get(), F_OFD_GETLK, &lock) == 0
         && lock.l_type != F_UNLCK;
}

} // namespace weft

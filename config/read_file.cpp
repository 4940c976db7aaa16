#include "config/read_file.hpp"

#include "config/located_yaml.hpp"
#include "config/problem.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weft::config {

namespace {

/// Closes its descriptor at the end of the scope.
class descriptor {
public:
  explicit descriptor(int number) : number_(number) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  int number() const noexcept { return number_; }

private:
  int number_;
};

tl::unexpected<failure> refuse(const std::string& path, int error) {
  const auto code = error == ENOENT ? errc::not_found : errc::io;
  return fail(code, fmt::format("expected a file that can be read, got {}: {}",
                                quote(path), std::strerror(error)));
}

tl::unexpected<failure> refuse_size(const std::string& path, std::size_t size) {
  return fail(errc::exhausted,
              fmt::format("expected a file of at most {} bytes, got {} with {}",
                          limits::file_bytes_max, quote(path), size));
}

} // namespace

result<std::string> read_file(const std::string& path) {
  const descriptor file{
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (file.number() < 0)
    return refuse(path, errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0)
    return refuse(path, errno);
  if (!S_ISREG(status.st_mode))
    return fail(errc::io,
                fmt::format("expected a regular file, got {}, which is {}",
                            quote(path),
                            S_ISDIR(status.st_mode) ? "a directory"
                                                    : "a device or a pipe"));
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > limits::file_bytes_max)
    return refuse_size(path, size);
  // One byte more than allowed shows a file that grew, or whose size the
  // system does not tell.
  std::string text(limits::file_bytes_max + 1, '\0');
  std::size_t used = 0;
  while (used < text.size()) {
    const auto count =
        ::read(file.number(), text.data() + used, text.size() - used);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return refuse(path, errno);
    if (count == 0)
      break;
    used += static_cast<std::size_t>(count);
  }
  if (used > limits::file_bytes_max)
    return refuse_size(path, used);
  text.resize(used);
  text.shrink_to_fit();
  return text;
}

} // namespace weft::config

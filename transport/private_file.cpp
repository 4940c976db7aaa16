#include "transport/certificates.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weft::transport {

namespace {

tl::unexpected<failure> cannot_write(const std::string& path, int error) {
  return fail(errc::io, "cannot write " + path + ": " + std::strerror(error));
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const auto count = ::write(file, content.data(), content.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

} // namespace

result<void> write_private_file(const std::string& path,
                                std::string_view content) {
  // mkostemp creates with mode 0600 and a name that nobody holds yet.
  auto temporary = path + ".XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0)
    return cannot_write(path, errno);
  const bool written = write_all(file, content) && ::fsync(file) == 0;
  int error = written ? 0 : errno;
  if (::close(file) != 0 && error == 0)
    error = errno;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0)
    error = errno;
  if (error == 0)
    return {};
  ::unlink(temporary.c_str());
  return cannot_write(path, error);
}

} // namespace weft::transport

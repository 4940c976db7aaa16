#include "apps/heat/output/file_writer.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <utility>

namespace weft::heat {

result<file_writer> file_writer::open(const std::string& path) {
  auto temporary = fmt::format("{}.{}.part", path, getpid());
  auto* file = std::fopen(temporary.c_str(), "wb");
  if (!file)
    return fail(errc::io, fmt::format("{}: cannot write there: {}", path,
                                      std::strerror(errno)));
  return file_writer{path, std::move(temporary), file};
}

file_writer::~file_writer() {
  if (file_)
    std::remove(temporary_.c_str());
}

tl::unexpected<failure> file_writer::problem(const char* what) const {
  return fail(errc::io,
              fmt::format("{}: {}: {}", path_, what, std::strerror(errno)));
}

result<void> file_writer::write(const void* bytes, std::size_t count) {
  if (std::fwrite(bytes, 1, count, file_.get()) != count)
    return problem("cannot write");
  return {};
}

result<void> file_writer::commit() {
  if (std::fflush(file_.get()) != 0)
    return problem("cannot write");
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0)
    return problem("cannot give the file its name");
  file_.reset();
  return {};
}

} // namespace weft::heat

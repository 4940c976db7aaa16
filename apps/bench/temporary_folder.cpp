#include "apps/bench/temporary_folder.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace weft::bench {

result<temporary_folder> temporary_folder::make() {
  const char* base = std::getenv("TMPDIR");
  std::string path = base != nullptr && *base != '\0' ? base : "/tmp";
  path += "/weft-bench.XXXXXX";
  if (::mkdtemp(path.data()) == nullptr)
    return fail(errc::io,
                fmt::format("cannot make a temporary folder {}: {}; set TMPDIR "
                            "to a folder that can be written to",
                            path, std::strerror(errno)));
  return temporary_folder{std::move(path)};
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  if (!path_.empty())
    std::filesystem::remove_all(path_, ignored);
}

result<std::string> temporary_folder::write(std::string_view name,
                                            std::string_view content) const {
  const auto path = fmt::format("{}/{}", path_, name);
  std::ofstream file{path, std::ios::binary};
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file)
    return fail(errc::io, "cannot write " + path + "; is the disk full?");
  return path;
}

} // namespace weft::bench

#include "actors/space/space_file.hpp"

#include "runtime/base/draft_file.hpp"
#include "runtime/base/unique_fd.hpp"

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

namespace weft::actors {

result<spaces::snapshot_reader> open_snapshot(const std::string& path) {
  const auto file =
      std::make_shared<unique_fd>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!*file)
    return file_failure("read", path);
  return spaces::snapshot_reader{
      [file, path](std::span<char> into) -> result<std::size_t> {
        std::size_t got = 0;
        while (got < into.size()) {
          const auto count =
              ::read(file->get(), into.data() + got, into.size() - got);
          if (count < 0 && errno == EINTR)
            continue;
          if (count < 0)
            return file_failure("read", path);
          if (count == 0)
            break;
          got += static_cast<std::size_t>(count);
        }
        return got;
      }};
}

} // namespace weft::actors

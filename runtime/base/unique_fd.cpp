#include "runtime/base/unique_fd.hpp"

#include <array>
#include <fcntl.h>

namespace weft {

bool make_pipe(unique_fd& read, unique_fd& write) {
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC) != 0)
    return false;
  read.reset(fds[0]);
  write.reset(fds[1]);
  return true;
}

} // namespace weft

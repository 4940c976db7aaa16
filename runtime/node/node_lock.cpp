#include "runtime/node/node_lock.hpp"

#include "runtime/base/text.hpp"
#include "runtime/launcher/run_directory.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace weft {

namespace {

tl::unexpected<failure> refused(std::string_view verb, const std::string& file,
                                int why) {
  return fail(errc::io,
              fmt::format("cannot {} {}: {}", verb, file, std::strerror(why)));
}

/// Tells those who come later who has it; they can do without.
void write_holder(int file) {
  const auto text = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file, 0) == 0)
    (void)!::pwrite(file, text.data(), text.size(), 0);
}

} // namespace

result<unique_fd> lock_node(const launcher::run_paths& paths,
                            const std::string& node) {
  const auto path = fmt::format("{}/{}.lock", paths.nodes(), node);
  unique_fd file{
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!file)
    return refused("open", path, errno);
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(file.get(), F_OFD_SETLK, &whole) == 0) {
    write_holder(file.get());
    return file;
  }
  if (errno != EAGAIN && errno != EACCES)
    return refused("lock", path, errno);
  const auto holder = launcher::read_small_file(path);
  return fail(errc::already_exists,
              fmt::format("it runs already, as process {}: stop that first, or "
                          "choose another directory than {} with --run-dir",
                          holder ? trim(*holder) : "(unknown)", paths.root()));
}

} // namespace weft

#include "runtime/node/node_lock.hpp"

#include "runtime/base/file_lock.hpp"
#include "runtime/base/text.hpp"
#include "runtime/launcher/run_directory.hpp"

#include <fmt/core.h>

#include <unistd.h>

namespace weft {

namespace {

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
  auto file = lock_file(path);
  if (!file)
    return file;
  if (*file) {
    write_holder(file->get());
    return file;
  }
  const auto holder = launcher::read_small_file(path);
  return fail(errc::already_exists,
              fmt::format("it runs already, as process {}: stop that first, or "
                          "choose another directory than {} with --run-dir",
                          holder ? trim(*holder) : "(unknown)", paths.root()));
}

} // namespace weft

#include "runtime/launcher/run_directory.hpp"

#include "runtime/base/draft_file.hpp"
#include "runtime/base/file_lock.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/launcher/leftovers.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace weft::launcher {

namespace {

namespace fs = std::filesystem;
using json = nlohmann::json;

constexpr std::size_t small_file_bytes_max = 1024 * 1024;
constexpr std::chrono::milliseconds release_poll{10};
constexpr int lock_attempts_max = 10;

tl::unexpected<failure> refused(std::string_view verb, const std::string& path,
                                int why) {
  return fail(errc::io,
              fmt::format("cannot {} {}: {}", verb, path, std::strerror(why)));
}

/// Makes a directory of mode 0700, or checks that the one there is ours
/// alone: below /tmp anybody could have made it first.
result<void> own_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0)
    return {};
  if (errno != EEXIST)
    return fail(errc::io, fmt::format("cannot make the run directory {}: {}; "
                                      "set --run-dir or XDG_RUNTIME_DIR to a "
                                      "directory that you can write",
                                      path, std::strerror(errno)));
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0)
    return refused("inspect", path, errno);
  if (!S_ISDIR(about.st_mode))
    return fail(errc::io, fmt::format("{} is not a directory; remove it or "
                                      "set --run-dir to another place",
                                      path));
  if (about.st_uid != ::geteuid())
    return fail(errc::permission_denied,
                fmt::format("run directory {} belongs to user {}, expected "
                            "{}; set --run-dir to another place",
                            path, about.st_uid, ::geteuid()));
  if ((about.st_mode & 077) != 0 && ::chmod(path.c_str(), 0700) != 0)
    return refused("restrict the mode of", path, errno);
  return {};
}

/// Makes the directory above a run directory if there is none.
result<void> own_parent(const std::string& parent) {
  std::error_code code;
  const bool there = fs::exists(parent, code);
  if (code)
    return fail(errc::permission_denied,
                fmt::format("cannot reach the folder {} of the run directory: "
                            "{}; set --run-dir or XDG_RUNTIME_DIR to a "
                            "directory that you can write",
                            parent, code.message()));
  return there ? result<void>{} : own_directory(parent);
}

/// Refuses a directory that has content but never was a run directory, so
/// that a mistyped --run-dir never costs anybody their files.
result<void> check_content(const run_paths& paths) {
  std::error_code ignored;
  if (!fs::exists(paths.root(), ignored) || fs::is_empty(paths.root(), ignored)
      || fs::exists(paths.lock(), ignored)
      || fs::exists(paths.cluster_json(), ignored))
    return {};
  return fail(errc::invalid_argument,
              fmt::format("{} holds other files; set --run-dir to an empty or "
                          "a new directory",
                          paths.root()));
}

bool same_file(int fd, const std::string& path) {
  struct stat open {
  }, named{};
  return ::fstat(fd, &open) == 0 && ::stat(path.c_str(), &named) == 0
         && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

/// Empty when another launcher holds it.
result<unique_fd> take_lock(const run_paths& paths) {
  const auto path = paths.lock();
  for (int attempt = 0; attempt < lock_attempts_max; ++attempt) {
    auto file = lock_file(path);
    // Its former holder may have removed the directory since it was made.
    if (!file && file.error().code == errc::not_found
        && ::mkdir(paths.root().c_str(), 0700) == 0)
      continue;
    // Or the file since it was opened.
    if (!file || !*file || same_file(file->get(), path))
      return file;
  }
  return fail(errc::io,
              fmt::format("cannot lock {}: others keep removing it", path));
}

/// Removes what a running cluster has in `nodes/`: all but the logs.
void remove_node_files(const run_paths& paths) {
  std::error_code ignored;
  std::vector<fs::path> doomed;
  for (const auto& entry : fs::directory_iterator{paths.nodes(), ignored}) {
    const auto extension = entry.path().extension();
    if (extension == ".pid" || extension == ".sock" || extension == ".address")
      doomed.push_back(entry.path());
  }
  for (const auto& path : doomed)
    fs::remove(path, ignored);
}

std::vector<std::string> recover(const run_paths& paths,
                                 std::chrono::milliseconds grace) {
  std::vector<std::string> said;
  // A launcher that ended in order has removed its pid file.
  if (!fs::exists(paths.launcher_pid()))
    return said;
  said.push_back(fmt::format("the former launcher of {} did not end in order; "
                             "cleaning up after it",
                             paths.root()));
  for (const auto& each : end_leftovers(paths.root(), grace))
    said.push_back(fmt::format("{} process {} that it left: {}",
                               each.killed ? "killed" : "stopped", each.pid,
                               each.command));
  remove_node_files(paths);
  return said;
}

result<void> write_identity(const run_paths& paths,
                            const run_directory::options& what) {
  if (auto written = write_atomically(paths.launcher_pid(),
                                      fmt::format("{}\n", ::getpid()));
      !written)
    return written;
  const json about{{"cluster", what.cluster},     {"file", what.file},
                   {"overrides", what.overrides}, {"nodes", what.nodes},
                   {"started", what.started},     {"launcher", ::getpid()}};
  return write_atomically(paths.cluster_json(), json_text(about, 2) + "\n");
}

/// For those who look after the cluster has ended; they can do without.
void write_end(const run_paths& paths, const run_end& how) {
  const json about{
      {"how", to_string(how.kind)}, {"reason", how.reason}, {"at", how.at}};
  (void)write_atomically(paths.ended_json(), json_text(about, 2) + "\n");
}

/// What `write_end` has written; `lost` when there is nothing of that kind.
run_end read_end(const run_paths& paths) {
  const run_end lost{run_end_kind::lost, "", ""};
  const auto text = read_small_file(paths.ended_json());
  if (!text)
    return lost;
  const auto about = json::parse(*text, nullptr, false);
  try {
    const auto how = about.at("how").get<std::string>();
    for (const auto kind : {run_end_kind::stopped, run_end_kind::interrupted,
                            run_end_kind::failed})
      if (how == to_string(kind))
        return {kind, about.at("reason").get<std::string>(),
                about.at("at").get<std::string>()};
  } catch (const json::exception&) {
    return lost;
  }
  return lost;
}

tl::unexpected<failure> occupied(const run_paths& paths) {
  const auto info = inspect_run(paths.root());
  return fail(
      errc::already_exists,
      fmt::format("cluster {} runs already: launcher process {}, run directory "
                  "{}; stop it with `weft down --run-dir {}`, or set another "
                  "--run-dir to run a second one",
                  info ? info->cluster : "(unknown)", info ? info->launcher : 0,
                  paths.root(), paths.root()));
}

} // namespace

std::string_view to_string(run_end_kind kind) noexcept {
  switch (kind) {
  case run_end_kind::stopped:
    return "stopped";
  case run_end_kind::interrupted:
    return "interrupted";
  case run_end_kind::failed:
    return "failed";
  case run_end_kind::lost:
    return "lost";
  }
  return "unknown";
}

result<void> own_run_directory(const std::string& path) {
  // The folder of all of a user's runs is ours too; what is above is not.
  const auto parent = fs::path{path}.parent_path().string();
  if (auto made = own_parent(parent); !made)
    return made;
  if (parent == runs_root(current_environment()))
    if (auto made = own_directory(parent); !made)
      return made;
  if (auto made = own_directory(path); !made)
    return made;
  return own_directory(run_paths{path}.nodes());
}

result<run_directory> run_directory::acquire(const options& what) {
  if (!what.path.starts_with('/'))
    return fail(errc::invalid_argument,
                fmt::format("run directory: expected an absolute path, got "
                            "\"{}\"",
                            what.path));
  run_paths paths{what.path};
  if (auto fit = paths.check_sockets(what.nodes); !fit)
    return pass_on(fit);
  const auto parent = fs::path{what.path}.parent_path().string();
  if (auto usable = check_content(paths); !usable)
    return pass_on(usable);
  if (auto made = own_run_directory(what.path); !made)
    return pass_on(made);
  auto lock = take_lock(paths);
  if (!lock)
    return pass_on(lock);
  if (!*lock)
    return occupied(paths);
  run_directory made{std::move(paths), std::move(*lock)};
  if (auto own = own_directory(made.paths_.tls()); !own)
    return pass_on(own);
  made.recovered_ = recover(made.paths_, what.leftover_grace);
  std::error_code ignored;
  fs::remove(made.paths_.ended_json(), ignored);
  if (auto written = write_identity(made.paths_, what); !written)
    return pass_on(written);
  if (parent == runs_root(current_environment()))
    prune(parent, ended_runs_max);
  return made;
}

void run_directory::remove_certificates() {
  std::error_code ignored;
  if (lock_)
    fs::remove_all(paths_.tls(), ignored);
}

void run_directory::release(const run_end& how) {
  if (!lock_)
    return;
  remove_node_files(paths_);
  std::error_code ignored;
  // Only if it is empty.
  fs::remove(paths_.tls(), ignored);
  if (fs::exists(paths_.cluster_json(), ignored))
    write_end(paths_, how);
  fs::remove(paths_.launcher_socket(), ignored);
  fs::remove(paths_.launcher_pid(), ignored);
  // While it is still held: whoever waits for it sees that the file is gone.
  fs::remove(paths_.lock(), ignored);
  lock_.reset();
}

void run_directory::remove() {
  if (!lock_)
    return;
  std::error_code ignored;
  for (const auto& folder : {paths_.nodes(), paths_.tls()})
    fs::remove_all(folder, ignored);
  for (const auto& file : {paths_.launcher_log(), paths_.launcher_log() + ".1",
                           paths_.cluster_json(), paths_.ended_json()})
    fs::remove(file, ignored);
  release();
  // Stays when somebody has put a file of their own there.
  fs::remove(paths_.root(), ignored);
}

void run_directory::prune(const std::string& root, std::size_t keep) {
  auto runs = list_runs(root);
  // One that is lost may have living processes: the next launcher of its file
  // ends those.
  std::erase_if(runs, [](const run_info& run) {
    return !run.end || run.end->kind == run_end_kind::lost;
  });
  std::ranges::sort(runs, std::greater{},
                    [](const run_info& run) { return run.end->at; });
  for (std::size_t i = keep; i < runs.size(); ++i) {
    run_paths paths{runs[i].path};
    if (auto lock = take_lock(paths); lock && *lock)
      run_directory{std::move(paths), std::move(*lock)}.remove();
  }
}

result<std::string> read_small_file(const std::string& path) {
  const unique_fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file && errno == ENOENT)
    return fail(errc::not_found, fmt::format("no file {}", path));
  if (!file)
    return refused("read", path, errno);
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    const auto count = ::read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return refused("read", path, errno);
    if (count == 0)
      return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > small_file_bytes_max)
      return fail(errc::exhausted, fmt::format("{} is longer than {} bytes",
                                               path, small_file_bytes_max));
  }
}

result<run_info> inspect_run(const std::string& path) {
  const run_paths paths{path};
  const auto text = read_small_file(paths.cluster_json());
  if (!text)
    return fail(errc::not_found,
                fmt::format("{} is no run directory of a cluster: {}", path,
                            text.error().message));
  const auto about = json::parse(*text, nullptr, false);
  run_info info;
  info.path = path;
  try {
    info.cluster = about.at("cluster").get<std::string>();
    info.file = about.at("file").get<std::string>();
    info.overrides = about.at("overrides").get<std::vector<std::string>>();
    info.nodes = about.at("nodes").get<std::vector<std::string>>();
    info.started = about.at("started").get<std::string>();
    info.launcher = about.at("launcher").get<pid_t>();
  } catch (const json::exception&) {
    return fail(errc::not_found,
                fmt::format("{} is not what a launcher of this version writes",
                            paths.cluster_json()));
  }
  info.alive = is_locked(paths.lock());
  if (!info.alive)
    info.end = read_end(paths);
  return info;
}

std::vector<std::string> run_directories(const std::string& root) {
  std::vector<std::string> paths;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{root, ignored})
    paths.push_back(entry.path().string());
  std::ranges::sort(paths);
  return paths;
}

std::vector<run_info> list_runs(const std::string& root) {
  std::vector<run_info> runs;
  for (const auto& path : run_directories(root))
    if (auto info = inspect_run(path))
      runs.push_back(std::move(*info));
  return runs;
}

result<void> wait_until_released(const std::string& path,
                                 std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (is_locked(run_paths{path}.lock())) {
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(errc::timed_out,
                  fmt::format("the launcher of {} has not ended within {} ms",
                              path, timeout.count()));
    std::this_thread::sleep_for(release_poll);
  }
  return {};
}

} // namespace weft::launcher

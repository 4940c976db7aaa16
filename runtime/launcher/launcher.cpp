#include "runtime/launcher/launcher.hpp"

#include "runtime/base/assert.hpp"
#include "runtime/launcher/launch_shell.hpp"
#include "runtime/launcher/launcher_routes.hpp"
#include "runtime/launcher/local_hosts.hpp"
#include "runtime/launcher/run_directory.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>

namespace weft::launcher {

namespace {

run_directory::options directory_options(const launch_options& from) {
  run_directory::options made;
  made.path = from.run_dir;
  made.cluster = from.cluster;
  made.file = from.file;
  made.overrides = from.overrides;
  made.nodes = from.nodes;
  made.started = format_time(std::chrono::system_clock::now());
  return made;
}

result<void> to_result(const outcome& how, std::string explanation) {
  switch (how.kind) {
  case outcome_kind::stopped:
    return {};
  case outcome_kind::interrupted:
    return fail(errc::cancelled, "interrupted");
  case outcome_kind::failed:
    break;
  }
  return fail(how.code, std::move(explanation));
}

run_end to_run_end(const result<void>& end) {
  run_end made;
  made.at = format_time(std::chrono::system_clock::now());
  if (end)
    return made;
  const bool interrupted = end.error().code == errc::cancelled;
  made.kind = interrupted ? run_end_kind::interrupted : run_end_kind::failed;
  if (!interrupted)
    made.reason = end.error().message;
  return made;
}

} // namespace

result<launch_options>
make_launch_options(const config::cluster_options& cluster,
                    const std::string& file,
                    std::vector<std::string> overrides) {
  std::error_code error;
  launch_options made;
  made.program =
      std::filesystem::read_symlink("/proc/self/exe", error).string();
  if (error)
    return fail(errc::io, fmt::format("cannot tell the path of this program "
                                      "from /proc/self/exe: {}",
                                      error.message()));
  made.file = std::filesystem::canonical(file, error).string();
  if (error)
    return fail(errc::not_found, fmt::format("cannot find cluster file {}: {}",
                                             file, error.message()));
  made.overrides = std::move(overrides);
  made.cluster = cluster.cluster;
  made.nodes = local_nodes(cluster, local_hosts());
  if (made.nodes.empty())
    return fail(errc::invalid_argument,
                fmt::format("{}: no node of cluster {} listens on an address "
                            "of this machine; start it where its nodes are, "
                            "or correct their `listen`",
                            file, cluster.cluster));
  made.limits.ready_timeout = cluster.launcher.ready_timeout;
  made.limits.stop_timeout = cluster.launcher.stop_timeout;
  made.run_dir =
      default_run_path(current_environment(), made.cluster, made.file);
  return made;
}

class cluster_launcher::implementation {
public:
  explicit implementation(launch_options options)
      : options_(std::move(options)) {}

  ~implementation() {
    // The first stops, the second kills.
    interrupt();
    interrupt();
    if (thread_.joinable())
      thread_.join();
  }

  result<void> start() {
    WEFT_ASSERT(!thread_.joinable());
    if (auto prepared = prepare(); !prepared) {
      clean_up(prepared, false);
      return prepared;
    }
    boost::asio::post(context_, [this] {
      shell_->handle(
          [](launch_core& core, time_point now) { core.start(now); });
    });
    thread_ = std::thread{[this] { run(); }};
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return running_ || ended_; });
    if (!ended_)
      return {};
    if (end_)
      return fail(errc::cancelled, "stopped before all nodes were ready");
    return end_;
  }

  result<void> wait() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return ended_; });
    return end_;
  }

  bool wait_until_ending(std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [this] { return ending_ || ended_; });
  }

  void stop() {
    post([](launch_core& core, time_point now) { core.stop(now); });
  }

  void interrupt() {
    post([](launch_core& core, time_point now) { core.interrupt(now); });
  }

  const run_paths& paths() const { return paths_; }

private:
  result<void> prepare() {
    auto directory = run_directory::acquire(directory_options(options_));
    if (!directory)
      return pass_on(directory);
    directory_.emplace(std::move(*directory));
    if (options_.prepare)
      if (auto done = options_.prepare(directory_->paths()); !done)
        return done;
    auto shell =
        launch_shell::open(context_, options_, directory_->paths(),
                           {[this](cluster_phase phase) { moved(phase); },
                            [this](const outcome& how) { finished(how); }});
    if (!shell)
      return pass_on(shell);
    shell_ = std::move(*shell);
    for (const auto& line : directory_->recovered())
      shell_->tell({{}, line});
    add_routes(server_, context_, *shell_);
    return server_.listen_unix(directory_->paths().launcher_socket());
  }

  template <class Event>
  void post(Event event) {
    boost::asio::post(context_, [this, event] { shell_->handle(event); });
  }

  void run() {
    context_.run();
    // Everything ends here and not with the object, so that a cluster that
    // ended leaves nothing even if nobody waits for it.
    // After a failure the logs are what people want to read.
    clean_up(end_, !end_ && end_.error().code != errc::cancelled);
    const std::lock_guard guard{mutex_};
    ended_ = true;
    changed_.notify_all();
  }

  void clean_up(const result<void>& end, bool keep) {
    server_.stop();
    shell_.reset();
    if (!directory_)
      return;
    if (options_.prepare)
      directory_->remove_certificates();
    if (keep || options_.keep_directory)
      directory_->release(to_run_end(end));
    else
      directory_->remove();
  }

  void moved(cluster_phase phase) {
    const std::lock_guard guard{mutex_};
    running_ = running_ || phase == cluster_phase::running;
    ending_ = ending_ || phase == cluster_phase::stopping
              || phase == cluster_phase::finished;
    changed_.notify_all();
  }

  void finished(const outcome& how) {
    {
      const std::lock_guard guard{mutex_};
      end_ = to_result(how, shell_->explain(how));
    }
    if (!end_)
      shell_->note("ended: " + end_.error().message);
    context_.stop();
  }

  const launch_options options_;
  const run_paths paths_{options_.run_dir};
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
      work_{context_.get_executor()};
  std::optional<run_directory> directory_;
  http::server server_;
  std::unique_ptr<launch_shell> shell_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
  bool ending_ = false;
  bool ended_ = false;
  result<void> end_;
  std::thread thread_;
};

cluster_launcher::cluster_launcher(launch_options options)
    : implementation_(std::make_unique<implementation>(std::move(options))) {}

cluster_launcher::~cluster_launcher() = default;

result<void> cluster_launcher::start() {
  return implementation_->start();
}

result<void> cluster_launcher::wait() {
  return implementation_->wait();
}

bool cluster_launcher::wait_until_ending(std::chrono::milliseconds limit) {
  return implementation_->wait_until_ending(limit);
}

void cluster_launcher::request_stop() {
  implementation_->stop();
}

void cluster_launcher::interrupt() {
  implementation_->interrupt();
}

const run_paths& cluster_launcher::paths() const {
  return implementation_->paths();
}

} // namespace weft::launcher

#include "runtime/observe/log_writer.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <condition_variable>
#include <csignal>
#include <deque>
#include <exception>
#include <filesystem>
#include <mutex>
#include <pthread.h>
#include <system_error>
#include <thread>
#include <vector>

namespace weft::observe {

namespace {

constexpr std::size_t files_kept_max = 1'000;
constexpr std::chrono::seconds flush_interval{1};

using sinks = std::vector<std::shared_ptr<spdlog::sinks::sink>>;

struct queued_line {
  std::string text;
  bool urgent;
};

/// Throws what spdlog throws.
sinks make_sinks(const log_outputs& outputs) {
  sinks made;
  if (outputs.console)
    made.push_back(std::make_shared<spdlog::sinks::stderr_sink_st>());
  if (!outputs.file.empty())
    made.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_st>(
        outputs.file, outputs.file_bytes_max, outputs.files_kept));
  for (const auto& sink : made)
    sink->set_pattern("%v");
  return made;
}

result<void> check_outputs(const log_outputs& outputs) {
  if (outputs.file.empty())
    return {};
  if (outputs.file_bytes_max == 0 || outputs.files_kept > files_kept_max)
    return fail(errc::invalid_argument,
                fmt::format("log file \"{}\": expected a size over 0 and at "
                            "most {} files, got {} bytes and {} files",
                            outputs.file, files_kept_max,
                            outputs.file_bytes_max, outputs.files_kept));
  // spdlog would make missing folders, misspelt ones too.
  const auto folder = std::filesystem::path{outputs.file}.parent_path();
  std::error_code code;
  if (!folder.empty() && !std::filesystem::is_directory(folder, code))
    return fail(errc::io, fmt::format("log file \"{}\": its folder does not "
                                      "exist, make it first",
                                      outputs.file));
  if (std::filesystem::is_directory(outputs.file, code))
    return fail(errc::io, fmt::format("log file \"{}\" is a folder, expected "
                                      "the name of a file",
                                      outputs.file));
  return {};
}

} // namespace

struct log_writer::state {
  explicit state(dropped_line report) : report(std::move(report)) {}

  void run();
  void write_batch(const std::deque<queued_line>& batch);
  void write_line(const std::string& line);
  void flush_outputs();

  const dropped_line report;

  std::mutex guard;
  std::condition_variable wake;
  std::condition_variable progress;
  std::deque<queued_line> queue;
  std::size_t queue_bytes = 0;
  std::uint64_t dropped_unreported = 0;
  /// Lines ever queued, and of these written and flushed.
  std::uint64_t queued = 0;
  std::uint64_t flushed = 0;
  bool flush_wanted = false;
  bool stop = false;
  bool stopped = false;
  log_statistics counts;

  /// Held while a line is written, which may take long; never together with
  /// `guard`, except in this order.
  std::mutex outputs_guard;
  sinks outputs;
};

void log_writer::state::write_line(const std::string& line) {
  const spdlog::details::log_msg message{spdlog::string_view_t{},
                                         spdlog::level::info, line};
  bool failed = false;
  {
    const std::lock_guard lock{outputs_guard};
    for (const auto& sink : outputs) {
      try {
        sink->log(message);
      } catch (const std::exception&) {
        failed = true;
      }
    }
  }
  const std::lock_guard lock{guard};
  ++(failed ? counts.failed : counts.written);
}

void log_writer::state::flush_outputs() {
  const std::lock_guard lock{outputs_guard};
  for (const auto& sink : outputs) {
    try {
      sink->flush();
    } catch (const std::exception&) {
      // The lines that are lost by this were counted as written; the next
      // write fails too and is counted.
    }
  }
}

void log_writer::state::write_batch(const std::deque<queued_line>& batch) {
  for (const auto& line : batch) {
    write_line(line.text);
    if (line.urgent)
      flush_outputs();
  }
}

void log_writer::state::run() {
  std::uint64_t taken = 0;
  auto last_flush = std::chrono::steady_clock::now();
  std::unique_lock lock{guard};
  for (;;) {
    const auto is_awake = [&] {
      return !queue.empty() || flush_wanted || stop;
    };
    if (flushed == taken)
      wake.wait(lock, is_awake);
    else
      wake.wait_until(lock, last_flush + flush_interval, is_awake);
    std::deque<queued_line> batch;
    batch.swap(queue);
    queue_bytes = 0;
    taken += batch.size();
    const auto lost = std::exchange(dropped_unreported, 0);
    const bool ending = stop;
    const bool flush_now = std::exchange(flush_wanted, false) || ending;
    lock.unlock();
    write_batch(batch);
    if (lost > 0)
      write_line(report(lost));
    const auto now = std::chrono::steady_clock::now();
    const bool due = flush_now || now - last_flush >= flush_interval;
    if (due) {
      flush_outputs();
      last_flush = now;
    }
    lock.lock();
    if (due)
      flushed = taken;
    progress.notify_all();
    if (ending && queue.empty())
      break;
  }
  stopped = true;
  progress.notify_all();
}

log_writer::log_writer(dropped_line report)
    : state_(std::make_shared<state>(std::move(report))) {
  // The thread owns a share of the state, since a stalled output may make it
  // outlive this object.
  // Signals are for the threads of whoever logs: one that this thread took
  // would end the process.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread{[state = state_] { state->run(); }}.detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

log_writer::~log_writer() {
  std::unique_lock lock{state_->guard};
  state_->stop = true;
  state_->wake.notify_all();
  state_->progress.wait_for(lock, close_timeout,
                            [this] { return state_->stopped; });
}

result<void> log_writer::open(const log_outputs& outputs) {
  if (auto checked = check_outputs(outputs); !checked)
    return checked;
  flush(close_timeout);
  try {
    auto made = make_sinks(outputs);
    const std::lock_guard lock{state_->outputs_guard};
    state_->outputs = std::move(made);
  } catch (const std::exception& error) {
    return fail(errc::io, fmt::format("log file \"{}\" cannot be opened: {}",
                                      outputs.file, error.what()));
  }
  return {};
}

void log_writer::write(std::string line, bool urgent) {
  const std::lock_guard lock{state_->guard};
  if (state_->stop || state_->queue_bytes + line.size() > queue_bytes_max) {
    ++state_->counts.dropped;
    ++state_->dropped_unreported;
    return;
  }
  state_->queue_bytes += line.size();
  ++state_->queued;
  state_->queue.push_back({std::move(line), urgent});
  state_->wake.notify_one();
}

bool log_writer::flush(std::chrono::milliseconds timeout) {
  std::unique_lock lock{state_->guard};
  const auto goal = state_->queued;
  state_->flush_wanted = true;
  state_->wake.notify_one();
  return state_->progress.wait_for(lock, timeout,
                                   [&] { return state_->flushed >= goal; });
}

log_statistics log_writer::statistics() const {
  const std::lock_guard lock{state_->guard};
  return state_->counts;
}

} // namespace weft::observe

#pragma once

#include "runtime/base/result.hpp"
#include "runtime/observe/log_record.hpp"
#include "runtime/observe/log_writer.hpp"

#include <atomic>
#include <chrono>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace weft::observe {

struct log_settings {
  log_format format = log_format::text;
  log_level level = log_level::info;
  /// Levels by component, over `level`. A component without one of its own
  /// takes that of the part before its last dot: "transport.tls" that of
  /// "transport".
  std::map<std::string, log_level> components;
  /// The name of the node, in every line.
  std::string node;
  log_outputs outputs;
};

class log_hub;

/// Writes the log of one component. Cheap to copy; usable from any thread and
/// for any time, also before the log is configured and after it is gone (then
/// nothing is written). Never waits and never throws. A level that is off
/// costs one atomic read.
class logger {
public:
  using fields = std::initializer_list<field>;

  bool is_enabled(log_level level) const noexcept;

  /// log.info("lost peer", {{"peer", name}, {"reason", reason}});
  void write(log_level level, std::string_view message,
             std::span<const field> more) const noexcept;

  void trace(std::string_view message, fields more = {}) const noexcept {
    write_if(log_level::trace, message, more);
  }
  void debug(std::string_view message, fields more = {}) const noexcept {
    write_if(log_level::debug, message, more);
  }
  void info(std::string_view message, fields more = {}) const noexcept {
    write_if(log_level::info, message, more);
  }
  void warning(std::string_view message, fields more = {}) const noexcept {
    write_if(log_level::warning, message, more);
  }
  void error(std::string_view message, fields more = {}) const noexcept {
    write_if(log_level::error, message, more);
  }

private:
  friend class log_hub;
  struct component;
  explicit logger(std::shared_ptr<component> of) noexcept
      : component_(std::move(of)) {}

  void write_if(log_level level, std::string_view message,
                fields more) const noexcept {
    if (is_enabled(level))
      write(level, message, {more.begin(), more.size()});
  }

  std::shared_ptr<component> component_;
};

/// All logging of a process: levels, format and outputs for any number of
/// loggers. Until it is configured it writes text at level info to standard
/// error. Threads: any.
class log_hub {
public:
  /// Loggers of more components than this share the one named "other".
  static constexpr std::size_t components_max = 1'000;

  log_hub();
  ~log_hub();
  log_hub(const log_hub&) = delete;
  log_hub& operator=(const log_hub&) = delete;

  /// Puts the settings in force, for loggers that exist too. Fails as
  /// `log_writer::open` does, and then changes nothing.
  result<void> configure(const log_settings& settings);

  logger get(std::string_view component);

  /// Waits until everything logged so far is written. False on time-out.
  bool flush(std::chrono::milliseconds timeout);

  log_statistics statistics() const;

private:
  friend class logger;
  struct state;
  std::shared_ptr<state> state_;
};

/// The hub of this process. It is never destroyed; at exit it is flushed, for
/// a second at most.
log_hub& process_log();

/// `process_log().configure(settings)`.
result<void> configure_logging(const log_settings& settings);

/// `process_log().get(component)`.
logger get_logger(std::string_view component);

} // namespace weft::observe

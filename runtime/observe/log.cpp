#include "runtime/observe/log.hpp"

#include <cstdlib>
#include <functional>
#include <mutex>

namespace weft::observe {

namespace {

constexpr std::chrono::milliseconds exit_flush_timeout{1'000};

constexpr const char* shared_component = "other";

/// The level in force for `component`: its own, or that of the nearest name
/// it is below.
log_level level_of(const log_settings& settings, std::string_view component) {
  for (auto name = component;;) {
    if (const auto own = settings.components.find(std::string{name});
        own != settings.components.end())
      return own->second;
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos)
      return settings.level;
    name = name.substr(0, dot);
  }
}

} // namespace

struct logger::component {
  std::string name;
  std::atomic<log_level> level{log_level::info};
  std::weak_ptr<log_hub::state> hub;
};

namespace {

/// What every line has in common. Shared with the writer's thread, which may
/// outlive the hub.
class line_style {
public:
  void set(log_format format, std::string node) {
    auto fresh =
        std::make_shared<const values>(values{format, std::move(node)});
    const std::lock_guard lock{guard_};
    values_.swap(fresh);
  }

  std::string line(log_level level, std::string_view component,
                   std::string_view message,
                   std::span<const field> fields) const {
    std::shared_ptr<const values> now;
    {
      const std::lock_guard lock{guard_};
      now = values_;
    }
    return format_log_line(now->format,
                           {std::chrono::system_clock::now(), level, now->node,
                            component, message, fields});
  }

  std::string dropped_line(std::uint64_t count) const {
    const field lines{"lines", count};
    return line(log_level::warning, "log",
                "lines were dropped, the queue to the outputs was full",
                {&lines, 1});
  }

private:
  struct values {
    log_format format = log_format::text;
    std::string node;
  };

  mutable std::mutex guard_;
  std::shared_ptr<const values> values_ = std::make_shared<values>();
};

} // namespace

struct log_hub::state {
  std::shared_ptr<line_style> style = std::make_shared<line_style>();
  log_writer writer{[style = style](std::uint64_t count) {
    return style->dropped_line(count);
  }};

  /// One configuration at a time; never taken while `guard` is held.
  std::mutex configuring;
  std::mutex guard;
  log_settings settings;
  std::map<std::string, std::shared_ptr<logger::component>, std::less<>>
      components;
};

bool logger::is_enabled(log_level level) const noexcept {
  return level >= component_->level.load(std::memory_order_relaxed)
         && level != log_level::off;
}

void logger::write(log_level level, std::string_view message,
                   std::span<const field> more) const noexcept {
  const auto hub = component_->hub.lock();
  if (!hub || !is_enabled(level))
    return;
  try {
    hub->writer.write(hub->style->line(level, component_->name, message, more),
                      level >= log_level::warning);
  } catch (...) {
    // Out of memory: the line is lost, its caller goes on.
  }
}

log_hub::log_hub() : state_(std::make_shared<state>()) {
  // Standard error alone cannot fail to open.
  static_cast<void>(state_->writer.open({}));
}

log_hub::~log_hub() = default;

result<void> log_hub::configure(const log_settings& settings) {
  const std::lock_guard once{state_->configuring};
  if (auto opened = state_->writer.open(settings.outputs); !opened)
    return opened;
  state_->style->set(settings.format, settings.node);
  const std::lock_guard lock{state_->guard};
  state_->settings = settings;
  for (const auto& [name, component] : state_->components)
    component->level = level_of(settings, name);
  return {};
}

logger log_hub::get(std::string_view component) {
  const std::lock_guard lock{state_->guard};
  auto& known = state_->components;
  auto found = known.find(component);
  if (found == known.end() && known.size() >= components_max) {
    component = shared_component;
    found = known.find(component);
  }
  if (found == known.end()) {
    auto made = std::make_shared<logger::component>();
    made->name = component;
    made->level = level_of(state_->settings, component);
    made->hub = state_;
    found = known.emplace(component, std::move(made)).first;
  }
  return logger{found->second};
}

bool log_hub::flush(std::chrono::milliseconds timeout) {
  return state_->writer.flush(timeout);
}

log_statistics log_hub::statistics() const {
  return state_->writer.statistics();
}

log_hub& process_log() {
  static log_hub* const hub = [] {
    auto* const made = new log_hub;
    // At exit other threads may still log, hence a flush and no destruction.
    std::atexit([] { process_log().flush(exit_flush_timeout); });
    return made;
  }();
  return *hub;
}

result<void> configure_logging(const log_settings& settings) {
  return process_log().configure(settings);
}

logger get_logger(std::string_view component) {
  return process_log().get(component);
}

} // namespace weft::observe

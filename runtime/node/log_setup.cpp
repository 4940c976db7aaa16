#include "runtime/node/log_setup.hpp"

#include "config/node_path.hpp"

namespace weft {

observe::log_level log_level_of(config::log_level level) {
  switch (level) {
  case config::log_level::trace:
    return observe::log_level::trace;
  case config::log_level::debug:
    return observe::log_level::debug;
  case config::log_level::info:
    return observe::log_level::info;
  case config::log_level::warning:
    return observe::log_level::warning;
  case config::log_level::error:
    return observe::log_level::error;
  case config::log_level::off:
    break;
  }
  return observe::log_level::off;
}

observe::log_settings log_settings_of(const config::log_options& options,
                                      const std::string& node) {
  observe::log_settings settings;
  settings.format = options.format == config::log_format::json
                        ? observe::log_format::json
                        : observe::log_format::text;
  settings.level = log_level_of(options.level);
  for (const auto& [component, level] : options.components)
    settings.components[component] = log_level_of(level);
  settings.node = node;
  settings.outputs.file = config::with_node(options.file, node);
  return settings;
}

} // namespace weft

#include "apps/weft/cluster_file.hpp"

#include "config/load.hpp"

#include <fmt/core.h>

#include <cstdlib>

namespace weft::apps {

namespace {

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (!value)
    return std::nullopt;
  return std::string{value};
}

} // namespace

std::shared_ptr<cluster_file> add_cluster_file(CLI::App& command,
                                               bool required) {
  auto file = std::make_shared<cluster_file>();
  command.add_option("FILE", file->path, "The cluster's YAML file")
      ->required(required);
  command
      .add_option("--set", file->overrides,
                  "Override a value of the file: path=value")
      ->expected(1)
      ->take_all();
  return file;
}

result<config::cluster_options> load_cluster_file(const cluster_file& file,
                                                  bool json) {
  config::load_options how;
  how.overrides = file.overrides;
  how.environment = environment_variable;
  auto loaded = config::load_file(file.path, how);
  if (loaded.ok())
    return std::move(loaded.options);
  if (!json)
    for (const auto& problem : loaded.problems)
      fmt::print(stderr, "{}\n", config::to_string(problem));
  const auto count = loaded.problems.size();
  auto summary = fmt::format("{}: {} mistake{} in the configuration", file.path,
                             count, count == 1 ? "" : "s");
  if (json)
    summary.append(": ").append(config::to_string(loaded.problems.front()));
  return fail(errc::invalid_argument, std::move(summary));
}

} // namespace weft::apps

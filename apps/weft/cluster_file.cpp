#include "apps/weft/cluster_file.hpp"

#include "apps/weft/command.hpp"
#include "config/load.hpp"
#include "runtime/node/module_check.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <utility>

namespace weft::apps {

namespace {

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (!value)
    return std::nullopt;
  return std::string{value};
}

config::loaded load(const cluster_file& file) {
  config::load_options how;
  how.overrides = file.overrides;
  how.environment = environment_variable;
  return config::load_file(file.path, how);
}

std::string summary(const cluster_file& file, std::size_t count,
                    const char* where) {
  return fmt::format("{}: {} mistake{} in {}", file.path, count,
                     count == 1 ? "" : "s", where);
}

/// Tells all problems, of which there are some; returns the exit code.
int report_problems(const std::vector<config::problem>& problems,
                    std::string message, bool json) {
  const failure whole{errc::invalid_argument, std::move(message)};
  if (!json) {
    for (const auto& problem : problems)
      fmt::print(stderr, "{}\n", config::to_string(problem));
    return report(whole, false);
  }
  auto list = nlohmann::json::array();
  for (const auto& problem : problems)
    list.push_back(to_json(problem));
  print_json({{"ok", false},
              {"error", error_json(whole)},
              {"problems", std::move(list)}});
  return exit_code_of(whole);
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

tl::expected<config::cluster_options, int>
open_cluster_file(const cluster_file& file, const opening& how) {
  auto loaded = load(file);
  if (!loaded.ok())
    return tl::unexpected(report_problems(
        loaded.problems,
        summary(file, loaded.problems.size(), "the configuration"), how.json));
  if (!how.with_modules)
    return std::move(loaded.options);
  const auto problems = check_modules(loaded.options);
  if (!problems.empty())
    return tl::unexpected(report_problems(
        problems, summary(file, problems.size(), "what its modules say of it"),
        how.json));
  return std::move(loaded.options);
}

nlohmann::json to_json(const config::problem& what) {
  const auto text = [](const std::string& value) {
    return value.empty() ? nlohmann::json{} : nlohmann::json(value);
  };
  const auto number = [](int value) {
    return value == 0 ? nlohmann::json{} : nlohmann::json(value);
  };
  return {{"file", text(what.where.file)},
          {"line", number(what.where.line)},
          {"column", number(what.where.column)},
          {"path", text(what.path)},
          {"message", what.message}};
}

result<config::cluster_options> load_cluster_file(const cluster_file& file,
                                                  bool json) {
  auto loaded = load(file);
  if (loaded.ok())
    return std::move(loaded.options);
  if (!json)
    for (const auto& problem : loaded.problems)
      fmt::print(stderr, "{}\n", config::to_string(problem));
  auto whole = summary(file, loaded.problems.size(), "the configuration");
  if (json)
    whole.append(": ").append(config::to_string(loaded.problems.front()));
  return fail(errc::invalid_argument, std::move(whole));
}

} // namespace weft::apps

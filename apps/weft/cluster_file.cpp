#include "apps/weft/cluster_file.hpp"

#include "apps/weft/command.hpp"
#include "config/load.hpp"
#include "runtime/node/module_check.hpp"

#include <fmt/core.h>

#include <utility>

namespace weft::apps {

namespace {

config::loaded load(const cluster_file& file,
                    bool certificates_may_be_missing) {
  config::load_options how;
  how.certificates_may_be_missing = certificates_may_be_missing;
  how.overrides = file.overrides;
  how.environment = config::process_environment;
  return config::load_file(file.path, how);
}

std::string summary(const cluster_file& file, std::size_t count,
                    const char* where) {
  return fmt::format("{}: {} mistake{} in {}", file.path, count,
                     count == 1 ? "" : "s", where);
}

tl::unexpected<file_mistakes> mistaken(std::vector<config::problem> problems,
                                       std::string summary) {
  return tl::unexpected(file_mistakes{
      {errc::invalid_argument, std::move(summary)}, std::move(problems)});
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

opened_file open_cluster_file(const cluster_file& file, checks what) {
  auto loaded = load(file, what == checks::without_certificates);
  if (!loaded.ok()) {
    auto whole = summary(file, loaded.problems.size(), "the configuration");
    return mistaken(std::move(loaded.problems), std::move(whole));
  }
  if (what != checks::with_modules)
    return std::move(loaded.options);
  auto problems = check_modules(loaded.options);
  if (problems.empty())
    return std::move(loaded.options);
  auto whole = summary(file, problems.size(), "what its modules say of it");
  return mistaken(std::move(problems), std::move(whole));
}

int report_mistakes(const file_mistakes& what, bool json) {
  if (!json) {
    for (const auto& problem : what.problems)
      fmt::print(stderr, "{}\n", config::to_string(problem));
    return report(what.whole, false);
  }
  print_json({{"ok", false},
              {"error", error_json(what.whole)},
              {"problems", to_json(what.problems)}});
  return exit_code_of(what.whole);
}

nlohmann::json to_json(const std::vector<config::problem>& all) {
  auto list = nlohmann::json::array();
  for (const auto& problem : all)
    list.push_back(to_json(problem));
  return list;
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

} // namespace weft::apps

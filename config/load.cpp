#include "config/load.hpp"

#include "config/bind.hpp"
#include "config/include.hpp"
#include "config/override.hpp"
#include "config/read_file.hpp"
#include "config/replicate.hpp"
#include "config/validate.hpp"

#include <cstdlib>
#include <filesystem>

namespace weft::config {

namespace {

std::string working_folder() {
  std::error_code ignored;
  const auto folder = std::filesystem::current_path(ignored);
  return folder.empty() ? "/" : folder.string();
}

void apply_overrides(yaml_node& root, std::span<const std::string> texts,
                     source_files& files, yaml_usage& usage,
                     problem_list& problems) {
  place where;
  if (!texts.empty())
    where.file = files.add("--set", working_folder());
  const auto overrides = parse_overrides(texts, where, problems);
  const auto apply = [&](bool replication) {
    for (const auto& what : overrides)
      if (what.changes_replication() == replication)
        apply_override(root, what, where, usage, problems);
  };
  apply(true);
  replicate(root, problems);
  apply(false);
}

} // namespace

std::optional<std::string> process_environment(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>{value} : std::nullopt;
}

loaded load_file(const std::string& path, const load_options& options) {
  auto text = read_file(path);
  if (text)
    return load_text(*text, path, options);
  loaded failed;
  failed.problems.push_back({{path, 0, 0}, "", text.error().message});
  return failed;
}

loaded load_text(const std::string& text, const std::string& file_name,
                 const load_options& options) {
  source_files files;
  problem_list problems;
  yaml_usage usage;
  const file_reader read = options.read ? options.read : read_file;
  inclusion including{
      {read, options.environment, working_folder(), files, usage, problems}};
  loaded result;
  if (auto root = including.parse(text, file_name)) {
    apply_overrides(*root, options.overrides, files, usage, problems);
    result.options = bind_options(*root, files, problems);
    validate(result.options, *root, files, options.certificates_may_be_missing,
             problems);
  }
  result.problems = problems.sorted(files);
  return result;
}

} // namespace weft::config

#pragma once

#include "config/load.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace weft::config::testing {

using lines = std::vector<std::string>;

/// What `weft check` would print for a text called c.yaml.
inline lines problems_of(const std::string& text,
                         const load_options& options = {}) {
  lines all;
  for (const auto& problem : load_text(text, "c.yaml", options).problems)
    all.push_back(to_string(problem));
  return all;
}

/// A valid file of one node, in three lines, before `more`.
inline std::string with_node(const std::string& more) {
  return "cluster: demo\nnodes:\n  - name: n1\n" + more;
}

/// The options of a text that has no problems.
inline cluster_options good(const std::string& text,
                            const load_options& options = {}) {
  const auto loaded = load_text(text, "c.yaml", options);
  for (const auto& problem : loaded.problems)
    FAIL_CHECK(to_string(problem));
  return loaded.options;
}

inline load_options with_variables(std::map<std::string, std::string> values) {
  load_options options;
  options.environment =
      [values = std::move(values)](
          const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end())
      return std::nullopt;
    return found->second;
  };
  return options;
}

/// Files that exist in memory only.
inline load_options with_files(std::map<std::string, std::string> files) {
  load_options options;
  options.read = [files = std::move(files)](
                     const std::string& path) -> result<std::string> {
    const auto found = files.find(path);
    if (found == files.end())
      return fail(errc::not_found,
                  "expected a file that can be read, got \"" + path + "\"");
    return found->second;
  };
  return options;
}

inline load_options with_overrides(std::vector<std::string> overrides) {
  load_options options;
  options.overrides = std::move(overrides);
  return options;
}

/// A folder that vanishes with its contents.
class temporary_folder {
public:
  temporary_folder() {
    auto name =
        (std::filesystem::temp_directory_path() / "weft-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    path_ = name;
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string write(const std::string& name, const std::string& text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file} << text;
    return file.string();
  }
  const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace weft::config::testing

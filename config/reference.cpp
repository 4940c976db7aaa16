#include "config/print.hpp"
#include "config/schema.hpp"
#include "runtime/base/json_text.hpp"

#include <fmt/format.h>

namespace weft::config {

namespace {

std::string type_text(const row& key) {
  switch (key.type) {
  case value_type::section:
    return "section";
  case value_type::name:
    return "name";
  default:
    return expected(key);
  }
}

std::string default_text(const row& key) {
  if (key.state == presence::required)
    return "required";
  const auto value = default_of(key);
  if (!value)
    return key.type == value_type::section ? "" : "none";
  return fmt::format("`{}`", value->is_string() ? value->get<std::string>()
                                                : json_text(*value));
}

std::string key_line(const row& key) {
  return fmt::format("| `{}` | {} | {} | {} |\n", key.path, type_text(key),
                     default_text(key), key.doc);
}

bool is_top(const row& key) {
  return key.path.find_first_of(".[") == std::string_view::npos;
}

} // namespace

std::string reference_markdown() {
  std::string text =
      "# Cluster file\n\n"
      "A cluster file is YAML. `[]` stands for each item of a list, `*` for "
      "any name.\n"
      "`${NAME}` and `${NAME:-default}` in a value are environment variables, "
      "`$${` is\na plain `${`. `--set path=value` sets a value from the "
      "command line, with a path\nsuch as `log.level`, `nodes[0].listen` or "
      "`nodes.n2.listen`.\n"
      "A name has 1 to 64 letters, digits, `_`, `.` and `-`, and does not "
      "start with `.`\nor `-`.\n"
      "A duration has a unit: `ns`, `us`, `ms`, `s`, `min`, `h` or `d`. A size "
      "has one,\nor is in bytes: `B`, `kB`, `MB`, `GB`, `TB`, `KiB`, `MiB`, "
      "`GiB` or `TiB`.\n";
  std::string planned;
  for (const auto& key : schema()) {
    if (key.state == presence::planned) {
      planned += fmt::format("- `{}`: {}\n", key.path, key.doc);
      continue;
    }
    if (is_top(key))
      text += fmt::format("\n## {}\n\n| key | what may stand there | default "
                          "| meaning |\n|---|---|---|---|\n",
                          key.path);
    text += key_line(key);
  }
  return text + "\n## Not in this version\n\n" + planned;
}

} // namespace weft::config

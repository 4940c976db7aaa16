#include "config/print.hpp"
#include "config/schema.hpp"
#include "runtime/base/json_text.hpp"

#include <fmt/format.h>

namespace weft::config {

namespace {

/// "# " and text, broken into lines of at most 80 columns.
std::string comment(std::string_view text, std::string_view indent) {
  std::string lines;
  std::string line = fmt::format("{}#", indent);
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    if (line.size() + 1 + word.size() > 80) {
      lines += line + "\n";
      line = fmt::format("{}#", indent);
    }
    line += fmt::format(" {}", word);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines + line + "\n";
}

class writer {
public:
  std::string write() {
    section("", "");
    return std::move(text_);
  }

private:
  void section(std::string_view pattern, const std::string& indent) {
    for (const auto* key : children(pattern)) {
      if (key->state == presence::planned)
        continue;
      if (indent.empty())
        text_ += "\n";
      one(*key, indent);
    }
  }

  static std::string about(const row& key) {
    const bool says_more = key.type != value_type::section
                           && key.type != value_type::list
                           && key.type != value_type::name;
    return says_more ? fmt::format("{} Expects {}.", key.doc, expected(key))
                     : std::string{key.doc};
  }

  void one(const row& key, const std::string& indent) {
    text_ += comment(about(key), indent);
    const auto name = last_part(key.path);
    if (key.type == value_type::section) {
      text_ += fmt::format("{}{}:\n", indent, name);
      section(key.path, indent + "  ");
    } else if (key.type == value_type::list) {
      list(key, indent);
    } else {
      scalar_line(key, name, indent);
    }
  }

  /// Keys that say nothing by default are commented out, without a space
  /// after the number sign, so that an editor can tell them from prose.
  void scalar_line(const row& key, std::string_view name,
                   const std::string& indent) {
    const auto value = default_of(key);
    if (value)
      text_ += fmt::format("{}{}: {}\n", indent, name,
                           value->is_string() ? value->get<std::string>()
                                              : json_text(*value));
    else if (key.state == presence::required)
      text_ += fmt::format("{}{}: {}\n", indent, name, key.example);
    else
      text_ += fmt::format("{}#{}: {}\n", indent, name == "*" ? "name" : name,
                           key.example);
  }

  void list(const row& key, const std::string& indent) {
    const auto name = last_part(key.path);
    const auto item_path = fmt::format("{}[]", key.path);
    const auto& item = *find_row(item_path);
    const bool needed = key.state == presence::required;
    if (item.type != value_type::section) {
      const auto value = default_of(key).value_or(nlohmann::json::array());
      text_ += comment(about(item), indent);
      text_ += fmt::format("{}{}: {}\n", indent, name, json_text(value));
      if (value.empty())
        text_ += fmt::format("{}#{}: [{}]\n", indent, name, item.example);
      return;
    }
    text_ += fmt::format("{}{}:{}\n", indent, name, needed ? "" : " []");
    const auto start = text_.size();
    section(item_path, indent + "    ");
    auto block = text_.substr(start);
    text_.resize(start);
    // The dash of the item stands before its first key.
    const auto first = block.find(fmt::format("\n{}    ", indent) + "name:");
    block.replace(first + 1 + indent.size() + 2, 1, "-");
    if (!needed)
      block = commented_out(fmt::format("{}:\n", name) + block);
    text_ += block;
  }

  static std::string commented_out(std::string_view block) {
    std::string text;
    while (!block.empty()) {
      const auto end = block.find('\n') + 1;
      text += fmt::format("#{}", block.substr(0, end));
      block.remove_prefix(end);
    }
    return text;
  }

  std::string text_;
};

} // namespace

std::string defaults_yaml() {
  return "# Every key of a cluster file with its default. Keys that have none "
         "are commented\n# out with an example, except for those that are "
         "required.\n"
         + writer{}.write();
}

} // namespace weft::config

#include "config/located_yaml.hpp"

#include "config/guarded_input.hpp"
#include "config/text_check.hpp"
#include "config/yaml_builder.hpp"

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>

namespace weft::config {

const yaml_entry* yaml_node::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& e) { return e.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

yaml_entry* yaml_node::find(std::string_view key) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& e) { return e.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

yaml_usage measure(const yaml_node& tree) {
  yaml_usage total{1, tree.text.size(), 0};
  const auto add = [&](const yaml_node& child) {
    const auto part = measure(child);
    total.nodes += part.nodes;
    total.text_bytes += part.text_bytes;
  };
  for (const auto& item : tree.items)
    add(item);
  for (const auto& entry : tree.entries) {
    total.text_bytes += entry.key.size();
    add(entry.value);
  }
  return total;
}

std::string describe(const yaml_node& value) {
  switch (value.kind) {
  case yaml_kind::null:
    return "nothing";
  case yaml_kind::list:
    return "a list";
  case yaml_kind::map:
    return "a map";
  case yaml_kind::scalar:
    break;
  }
  return quote(value.text);
}

namespace {

/// Why a file cannot be parsed at all, or nothing.
std::string refuse_text(const std::string& text, line_table& lines,
                        place& where) {
  if (text.size() > limits::file_bytes_max)
    return fmt::format("expected a file of at most {} bytes, got {}",
                       limits::file_bytes_max, text.size());
  if (const auto fault = find_text_fault(text)) {
    where = lines.at(fault->offset);
    return fmt::format("expected YAML in UTF-8, got {}", fault->found);
  }
  const auto brackets = std::count_if(
      text.begin(), text.end(), [](char c) { return c == '[' || c == '{'; });
  if (static_cast<std::size_t>(brackets) > limits::nodes_max)
    return fmt::format("expected at most {} brackets, got {}",
                       limits::nodes_max, brackets);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return "expected a YAML map of keys, got an empty file";
  return {};
}

/// What yaml-cpp says, with the remedy for the mistake that its messages
/// describe worst.
std::string explain(const YAML::Exception& error, std::string_view line) {
  constexpr std::size_t message_bytes_max = 200;
  auto message = fmt::format("expected YAML, got: {}",
                             error.msg.substr(0, message_bytes_max));
  const bool braces = line.find("${") != std::string_view::npos
                      || line.find("{index}") != std::string_view::npos;
  const bool flow = line.find_first_of("{[") != std::string_view::npos;
  if (braces && flow)
    message += "; inside {...} and [...], put text with braces in quotes";
  return message;
}

} // namespace

std::optional<yaml_node> parse_yaml(const std::string& text, std::uint32_t file,
                                    yaml_usage& usage, problem_list& problems) {
  line_table lines{text, file};
  place where{file, 1, 1};
  if (auto reason = refuse_text(text, lines, where); !reason.empty()) {
    problems.add(where, "", std::move(reason));
    return std::nullopt;
  }
  yaml_builder builder{lines, usage, problems};
  try {
    guarded_input guard{text, builder.events()};
    std::istream input{&guard};
    YAML::Parser parser{input};
    while (parser.HandleNextDocument(builder)) {
      // The builder refuses a second document.
    }
    if (builder.has_root())
      return builder.take_root();
    problems.add(where, "",
                 "expected a YAML map of keys, got nothing but comments");
  } catch (const yaml_refusal& refusal) {
    problems.add(refusal.where, refusal.path, refusal.message);
  } catch (const guarded_input::excess&) {
    where = std::max(where, builder.last_place());
    problems.add(where, "",
                 fmt::format("expected values, and lists and maps in brackets, "
                             "of at most {} bytes",
                             guarded_input::silent_bytes_max));
  } catch (const YAML::Exception& error) {
    if (!error.mark.is_null())
      where = lines.at(error.mark.line, error.mark.column);
    problems.add(where, "", explain(error, lines.line(where.line)));
  } catch (const std::exception& error) {
    problems.add(where, "",
                 fmt::format("expected YAML, got: {}", error.what()));
  }
  return std::nullopt;
}

} // namespace weft::config

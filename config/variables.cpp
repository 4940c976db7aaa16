#include "config/variables.hpp"

#include "config/text_check.hpp"
#include "runtime/base/result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace weft::config {

namespace {

bool is_variable_name(std::string_view text) {
  const auto allowed = [](unsigned char letter) {
    return letter == '_' || std::isalnum(letter) != 0;
  };
  return !text.empty() && text.size() <= 256
         && std::isdigit(static_cast<unsigned char>(text[0])) == 0
         && std::all_of(text.begin(), text.end(), allowed);
}

/// End of the braces whose inside starts `text`, or npos. A default may hold
/// balanced braces.
std::size_t closing_brace(std::string_view text) {
  std::size_t open = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    open += text[i] == '{';
    open -= text[i] == '}';
    if (open == 0)
      return i;
  }
  return std::string_view::npos;
}

tl::unexpected<failure> excess() {
  return fail(errc::exhausted,
              fmt::format("expected at most {} bytes of text, variables "
                          "expanded",
                          limits::text_bytes_max));
}

class expander {
public:
  explicit expander(const environment_lookup& lookup) : lookup_(lookup) {}

  /// Expanded text, or "expected X, got Y".
  result<std::string> expand(std::string_view text, int depth = 0) {
    std::string expanded;
    for (;;) {
      const auto dollar = text.find("${");
      expanded += text.substr(0, dollar);
      if (dollar == std::string_view::npos)
        return expanded;
      if (dollar > 0 && text[dollar - 1] == '$') {
        expanded += '{';
        text.remove_prefix(dollar + 2);
        continue;
      }
      const auto inside = text.substr(dollar + 2);
      const auto end = closing_brace(inside);
      if (end == std::string_view::npos)
        return refuse("a closing brace after ${, or $${ for a plain ${", text);
      auto value = variable(inside.substr(0, end), depth);
      if (!value)
        return value;
      expanded += *value;
      if (expanded.size() > limits::text_bytes_max)
        return excess();
      text = inside.substr(end + 1);
    }
  }

private:
  result<std::string> variable(std::string_view inside, int depth) {
    constexpr int depth_max = 8;
    const auto separator = inside.find(":-");
    const auto name = inside.substr(0, separator);
    if (!is_variable_name(name))
      return refuse("${NAME} or ${NAME:-default}",
                    fmt::format("${{{}}}", inside));
    auto value = lookup_ ? lookup_(std::string{name}) : std::nullopt;
    if (value && find_text_fault(*value))
      return refuse("UTF-8 text in the environment variable", name);
    const bool has_default = separator != std::string_view::npos;
    if (value && !(value->empty() && has_default))
      return *std::move(value);
    if (!has_default)
      return refuse("a variable that is set, or ${NAME:-default}",
                    fmt::format("${{{}}}, which is not set", name), false);
    if (depth >= depth_max)
      return refuse("defaults nested at most 8 deep", inside);
    return expand(inside.substr(separator + 2), depth + 1);
  }

  static tl::unexpected<failure> refuse(std::string_view expectation,
                                        std::string_view found,
                                        bool quoted = true) {
    return fail(errc::invalid_argument,
                fmt::format("expected {}, got {}", expectation,
                            quoted ? quote(found) : std::string{found}));
  }

  const environment_lookup& lookup_;
};

class substitution {
public:
  substitution(const environment_lookup& lookup, yaml_usage& usage,
               problem_list& problems)
      : expander_(lookup), usage_(usage), problems_(problems) {}

  void visit(yaml_node& node, const std::string& path) {
    if (node.kind == yaml_kind::scalar)
      return replace(node, path);
    for (std::size_t i = 0; i < node.items.size(); ++i)
      visit(node.items[i], join_path(path, i));
    for (auto& entry : node.entries)
      visit(entry.value, join_path(path, entry.key));
  }

private:
  void replace(yaml_node& node, const std::string& path) {
    if (exhausted_ || node.text.find("${") == std::string::npos)
      return;
    auto expanded = expander_.expand(node.text);
    if (expanded) {
      usage_.text_bytes += expanded->size();
      if (usage_.text_bytes > limits::text_bytes_max)
        expanded = excess();
    }
    if (expanded) {
      node.text = *std::move(expanded);
      return;
    }
    node.refused = true;
    exhausted_ = expanded.error().code == errc::exhausted;
    problems_.add(node.where, path, expanded.error().message);
  }

  expander expander_;
  yaml_usage& usage_;
  problem_list& problems_;
  bool exhausted_ = false;
};

} // namespace

void substitute_variables(yaml_node& tree, const environment_lookup& lookup,
                          yaml_usage& usage, problem_list& problems) {
  substitution{lookup, usage, problems}.visit(tree, "");
}

} // namespace weft::config

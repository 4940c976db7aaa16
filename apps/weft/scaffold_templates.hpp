#pragma once

#include <span>
#include <string_view>

namespace weft::apps {

/// One file of a new project; "@NAME@" stands for the project's name.
struct scaffold_template {
  std::string_view path;
  std::string_view text;
};

std::span<const scaffold_template> scaffold_templates();

} // namespace weft::apps

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weft::actors {

/// The path of the first difference between two JSON texts, such as
/// "nodes[2].listen": the members of `ours` in alphabetical order, then what
/// only `theirs` has. No values, which may be secret. Nothing when the texts
/// are equal, when one is no JSON, or below 64 levels of nesting.
std::optional<std::string> differing_path(std::string_view ours,
                                          std::string_view theirs);

} // namespace weft::actors

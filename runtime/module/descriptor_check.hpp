#pragma once

#include "runtime/module/abi.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace weft::modules {

/// Why a module of this descriptor cannot be used by a program built as
/// `program` with weft `version`; nothing if it can. Reads `magic` and `size`
/// before anything else.
std::optional<std::string> find_mismatch(const weft_module_descriptor& module,
                                         const weft_module_abi& program,
                                         std::string_view version);

} // namespace weft::modules

#pragma once

#include "runtime/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// How a measuring process reports: its last line holds its numbers.
namespace weft::bench {

/// "123.5 7.25", for the last line: each as short as it comes back the same.
std::string format_numbers(const std::vector<double>& values);

/// Reads them from a process's output. Fails with `internal` when the last
/// line is not exactly `expected` numbers.
result<std::vector<double>> parse_numbers(std::string_view output,
                                          std::size_t expected);

} // namespace weft::bench

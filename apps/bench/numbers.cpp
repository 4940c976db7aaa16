#include "apps/bench/numbers.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace weft::bench {

std::string format_numbers(const std::vector<double>& values) {
  std::string line;
  for (const double value : values)
    line += fmt::format("{}{}", line.empty() ? "" : " ", value);
  return line;
}

result<std::vector<double>> parse_numbers(std::string_view output,
                                          std::size_t expected) {
  const auto line = trim(split(trim(output), '\n').back());
  std::vector<double> values;
  for (const auto word : split(line, ' ')) {
    double value = 0;
    const auto end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, value);
    if (error != std::errc{} || stop != end)
      break;
    values.push_back(value);
  }
  if (values.size() != expected || split(line, ' ').size() != expected)
    return fail(errc::internal,
                fmt::format("the last line of the output: expected {} "
                            "number(s), got \"{}\"",
                            expected, line.substr(0, 200)));
  return values;
}

} // namespace weft::bench

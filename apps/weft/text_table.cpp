#include "apps/weft/text_table.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace weft::apps {

namespace {

std::size_t width(const std::string& cell) {
  return static_cast<std::size_t>(
      std::count_if(cell.begin(), cell.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
      }));
}

} // namespace

std::string text_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], width(row[column]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column)
      line.append(row[column])
          .append(widths[column] - width(row[column]) + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    text.append(line).append("\n");
  }
  return text;
}

std::string elapsed_text(double seconds) {
  const auto whole = static_cast<long long>(seconds);
  if (seconds < 10)
    return fmt::format("{:.1f} s", seconds);
  if (whole < 120)
    return fmt::format("{} s", whole);
  if (whole < 7200)
    return fmt::format("{} min", whole / 60);
  if (whole < 172'800)
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} d {} h", whole / 86'400, whole % 86'400 / 3600);
}

} // namespace weft::apps

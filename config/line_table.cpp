#include "config/line_table.hpp"

#include <algorithm>

namespace weft::config {

line_table::line_table(std::string_view text, std::uint32_t file)
    : text_(text), file_(file), starts_{0} {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n')
      starts_.push_back(i + 1);
}

place line_table::at(std::size_t offset) {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto index = static_cast<std::size_t>(after - starts_.begin()) - 1;
  return at(static_cast<int>(index),
            static_cast<int>(std::min(offset, text_.size()) - starts_[index]));
}

place line_table::at(int line, int byte) {
  const auto index =
      std::min(static_cast<std::size_t>(std::max(line, 0)), starts_.size() - 1);
  const auto start = starts_[index];
  const auto stop = std::min(
      start + static_cast<std::size_t>(std::max(byte, 0)), text_.size());
  if (index != last_line_ || stop - start < last_byte_) {
    last_line_ = index;
    last_byte_ = 0;
    last_column_ = 0;
  }
  for (auto i = start + last_byte_; i < stop; ++i)
    last_column_ += (static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80;
  last_byte_ = stop - start;
  return {file_, static_cast<std::uint32_t>(index + 1), last_column_ + 1};
}

bool line_table::quote_is_closed(int line, int byte) const {
  const auto index = static_cast<std::size_t>(line);
  const auto start = starts_.at(index) + static_cast<std::size_t>(byte);
  const char quote = start < text_.size() ? text_[start] : 0;
  if (quote != '"' && quote != '\'')
    return true;
  for (auto i = start + 1; i < text_.size(); ++i) {
    const bool doubled =
        quote == '\'' && text_[i] == quote && text_.substr(i + 1, 1) == "'";
    if (doubled || (quote == '"' && text_[i] == '\\'))
      ++i;
    else if (text_[i] == quote)
      return true;
  }
  return false;
}

std::string_view line_table::line(std::uint32_t number) const {
  if (number == 0 || number > starts_.size())
    return {};
  const auto rest = text_.substr(starts_[number - 1]);
  return rest.substr(0, rest.find('\n'));
}

} // namespace weft::config

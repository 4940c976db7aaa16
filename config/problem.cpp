#include "config/problem.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

namespace weft::config {

std::string to_string(const location& where) {
  if (where.line == 0)
    return where.file;
  return fmt::format("{}:{}:{}", where.file, where.line, where.column);
}

std::string to_string(const problem& what) {
  auto text = to_string(what.where);
  for (const auto* part : {&what.path, &what.message}) {
    if (part->empty())
      continue;
    if (!text.empty())
      text += ": ";
    text += *part;
  }
  return text;
}

std::string to_string(const std::vector<problem>& what) {
  std::string text;
  for (const auto& each : what)
    text.append(text.empty() ? "" : "\n").append(to_string(each));
  return text;
}

std::string quote(std::string_view text) {
  constexpr std::size_t shown_bytes_max = 60;
  std::string quoted = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool continues = (byte & 0xC0) == 0x80;
    if (i >= shown_bytes_max && !continues) {
      quoted += "...";
      break;
    }
    if (byte == '\n')
      quoted += "\\n";
    else if (byte == '"' || byte == '\\')
      quoted += {'\\', text[i]};
    else if (byte < 0x20 || byte == 0x7F)
      quoted += fmt::format("\\x{:02x}", byte);
    else
      quoted += text[i];
  }
  return quoted + '"';
}

std::string join_path(std::string_view path, std::string_view key) {
  const auto part = is_name(key) ? std::string{key} : quote(key);
  return path.empty() ? part : fmt::format("{}.{}", path, part);
}

std::string join_path(std::string_view path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

} // namespace weft::config

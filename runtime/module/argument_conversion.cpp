#include "runtime/module/argument_conversion.hpp"

#include "runtime/base/json_text.hpp"
#include "runtime/base/text.hpp"
#include "runtime/module/argument_containers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::modules {

namespace {

constexpr std::size_t shown_bytes_max = 60;

std::string escaped_segment(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

std::string unescaped_segment(std::string_view segment) {
  std::string out;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const bool escape = segment[i] == '~' && i + 1 < segment.size();
    out += !escape ? segment[i] : segment[++i] == '0' ? '~' : '/';
  }
  return out;
}

std::string dotted(const std::string& pointer, const std::string& root) {
  std::string out = root;
  if (pointer.empty())
    return out.empty() ? "arguments" : out;
  for (const auto part : split(std::string_view{pointer}.substr(1), '/')) {
    const bool index = !part.empty() && std::ranges::all_of(part, [](char c) {
      return c >= '0' && c <= '9';
    });
    if (index)
      out.append("[").append(part).append("]");
    else
      out.append(out.empty() ? "" : ".").append(unescaped_segment(part));
  }
  return out;
}

config::location nearest_place(const config::arguments& from,
                               std::string pointer) {
  for (;;) {
    const auto found = from.places.find(pointer);
    if (found != from.places.end())
      return found->second;
    const auto cut = pointer.rfind('/');
    if (cut == std::string::npos)
      return {};
    pointer.resize(cut);
  }
}

std::string shortened(std::string text) {
  if (text.size() > shown_bytes_max) {
    text.resize(shown_bytes_max);
    text += "...";
  }
  return text;
}

} // namespace

argument_place argument_place::child(std::string_view key) const {
  return {from, pointer + "/" + escaped_segment(key)};
}

config::problem argument_place::problem(std::string message) const {
  return {nearest_place(*from, pointer), dotted(pointer, from->path),
          std::move(message)};
}

std::string describe_value(const nlohmann::json& value) {
  switch (value.type()) {
  case nlohmann::json::value_t::string:
    return "text " + json_text(shortened(value.get<std::string>()));
  case nlohmann::json::value_t::boolean:
    return json_text(value);
  case nlohmann::json::value_t::number_integer:
  case nlohmann::json::value_t::number_unsigned:
    return "integer " + json_text(value);
  case nlohmann::json::value_t::number_float:
    return "number " + json_text(value);
  case nlohmann::json::value_t::array:
    return "a list";
  case nlohmann::json::value_t::object:
    return "a map";
  default:
    return "nothing";
  }
}

bool report(const argument_place& at, std::string_view expected,
            const nlohmann::json& got, problems& found) {
  found.push_back(at.problem(
      fmt::format("expected {}, got {}", expected, describe_value(got))));
  return false;
}

std::string integer_text(std::int64_t min, std::uint64_t max) {
  if (min == 0 && max == std::numeric_limits<std::uint64_t>::max())
    return "integer from 0";
  if (min < std::numeric_limits<std::int32_t>::min())
    return "integer";
  return fmt::format("integer {}..{}", min, max);
}

bool read_integer(const nlohmann::json& value, const argument_place& at,
                  std::int64_t min, std::uint64_t max, std::string_view type,
                  std::int64_t& low, std::uint64_t& high, problems& found) {
  if (!value.is_number_integer())
    return report(at, type, value, found);
  if (value.is_number_unsigned()) {
    high = value.get<std::uint64_t>();
    return high <= max || report(at, type, value, found);
  }
  low = value.get<std::int64_t>();
  if (low >= 0)
    high = static_cast<std::uint64_t>(low);
  const bool fits = low < 0 ? low >= min : high <= max;
  return fits || report(at, type, value, found);
}

bool read_duration(const nlohmann::json& value, const argument_place& at,
                   std::chrono::nanoseconds unit, std::string_view type,
                   std::chrono::nanoseconds& into, problems& found) {
  if (value.is_number() && value == 0) {
    into = std::chrono::nanoseconds{0};
    return true;
  }
  if (!value.is_string())
    return report(at, type, value, found);
  const auto parsed = parse_duration(value.get<std::string>());
  if (!parsed)
    return report(at, type, value, found);
  if (*parsed % unit != std::chrono::nanoseconds{0})
    return report(at, "a multiple of " + format_duration(unit), value, found);
  into = *parsed;
  return true;
}

bool report_exception(const argument_place& at, std::string_view text,
                      problems& found) {
  if (text.starts_with("[json.exception"))
    text.remove_prefix(std::min(text.size(), text.find("] ") + 2));
  found.push_back(at.problem(std::string{text}));
  return false;
}

bool check_keys(const nlohmann::json& given, const nlohmann::json& known,
                const argument_place& at, problems& found) {
  bool good = true;
  std::vector<std::string> names;
  for (const auto& [key, unused] : known.items())
    names.push_back(key);
  for (const auto& [key, unused] : given.items()) {
    if (known.contains(key))
      continue;
    good = false;
    const auto near = nearest_spelling(key, names);
    found.push_back(at.child(key).problem(fmt::format(
        "expected one of {}, got this key{}", fmt::join(names, ", "),
        near ? "; did you mean " + *near + "?" : "")));
  }
  return good;
}

bool argument_reader<bool>::read(const nlohmann::json& value,
                                 const argument_place& at, bool& into,
                                 problems& found) {
  if (!value.is_boolean())
    return report(at, text(), value, found);
  into = value.get<bool>();
  return true;
}

bool argument_reader<std::string>::read(const nlohmann::json& value,
                                        const argument_place& at,
                                        std::string& into, problems& found) {
  if (!value.is_string())
    return report(at, text(), value, found);
  into = value.get<std::string>();
  return true;
}

} // namespace weft::modules

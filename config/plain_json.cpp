#include "config/plain_json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace weft::config {

namespace {

using nlohmann::json;

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool is_one_of(std::string_view text,
               std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// The digits of an integer and their base; absent for anything else.
struct integer_text {
  bool negative = false;
  std::string_view digits;
  int base = 10;
};

std::optional<integer_text> as_integer(std::string_view text) {
  integer_text found;
  if (text.starts_with("0x") || text.starts_with("0o")) {
    found.base = text[1] == 'x' ? 16 : 8;
    found.digits = text.substr(2);
    constexpr std::string_view all = "0123456789abcdefABCDEF";
    const auto allowed = found.base == 16 ? all : all.substr(0, 8);
    if (found.digits.empty()
        || found.digits.find_first_not_of(allowed) != std::string_view::npos)
      return std::nullopt;
    return found;
  }
  found.negative = text.starts_with('-');
  if (found.negative || text.starts_with('+'))
    text.remove_prefix(1);
  found.digits = text;
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  return found;
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool looks_like_number(std::string_view text) {
  const auto skip_digits = [&] {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(count);
    return count;
  };
  const auto skip_sign = [&] {
    if (text.starts_with('-') || text.starts_with('+'))
      text.remove_prefix(1);
  };
  skip_sign();
  const auto whole = skip_digits();
  std::size_t fraction = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = skip_digits();
  }
  if (whole + fraction == 0)
    return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    skip_sign();
    if (skip_digits() == 0)
      return false;
  }
  return text.empty();
}

class converter {
public:
  converter(arguments& into, const source_files& files, problem_list& problems)
      : into_(into), files_(files), problems_(problems) {}

  json convert(const yaml_node& value, const json::json_pointer& pointer,
               const std::string& path) {
    into_.places.emplace(pointer.to_string(), files_.locate(value.where));
    switch (value.kind) {
    case yaml_kind::null:
      return nullptr;
    case yaml_kind::scalar:
      return value.quoted ? json(value.text) : plain(value, path);
    case yaml_kind::list: {
      auto list = json::array();
      for (std::size_t i = 0; i < value.items.size(); ++i)
        list.push_back(
            convert(value.items[i], pointer / i, join_path(path, i)));
      return list;
    }
    case yaml_kind::map:
      break;
    }
    auto map = json::object();
    for (const auto& entry : value.entries)
      map[entry.key] =
          convert(entry.value, pointer / entry.key, join_path(path, entry.key));
    return map;
  }

private:
  json plain(const yaml_node& value, const std::string& path) {
    const std::string_view text = value.text;
    if (is_one_of(text, {"null", "Null", "NULL", "~"}))
      return nullptr;
    if (is_one_of(text, {"true", "True", "TRUE"}))
      return true;
    if (is_one_of(text, {"false", "False", "FALSE"}))
      return false;
    if (const auto found = as_integer(text))
      return integer(*found, value, path);
    if (looks_like_number(text))
      return number(value, path);
    const auto unsigned_text =
        text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
    if (is_one_of(unsigned_text,
                  {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"}))
      return refuse(value, path, "a finite number, or text in quotes");
    return value.text;
  }

  json integer(const integer_text& found, const yaml_node& value,
               const std::string& path) {
    std::uint64_t magnitude = 0;
    const auto [end, code] = std::from_chars(
        found.digits.data(), found.digits.data() + found.digits.size(),
        magnitude, found.base);
    constexpr auto most = std::uint64_t{1} << 63;
    if (code != std::errc{} || (found.negative && magnitude > most))
      return refuse(value, path,
                    "an integer of at most 64 bits, or text in quotes");
    if (found.negative)
      return static_cast<std::int64_t>(0 - magnitude);
    if (magnitude < most)
      return static_cast<std::int64_t>(magnitude);
    return magnitude;
  }

  json number(const yaml_node& value, const std::string& path) {
    std::string_view text = value.text;
    if (text.starts_with('+'))
      text.remove_prefix(1);
    double parsed = 0;
    const auto [end, code] =
        std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (code != std::errc{} || !std::isfinite(parsed))
      return refuse(value, path,
                    "a number of double precision, or text in quotes");
    return parsed;
  }

  json refuse(const yaml_node& value, const std::string& path,
              std::string_view expected) {
    problems_.add(value.where, path,
                  "expected " + std::string{expected} + ", got "
                      + describe(value));
    return nullptr;
  }

  arguments& into_;
  const source_files& files_;
  problem_list& problems_;
};

} // namespace

arguments to_arguments(const yaml_node& value, const std::string& path,
                       const source_files& files, problem_list& problems) {
  arguments result;
  result.path = path;
  result.value = converter{result, files, problems}.convert(
      value, json::json_pointer{}, path);
  return result;
}

} // namespace weft::config

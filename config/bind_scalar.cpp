#include "config/bind_scalar.hpp"

#include "config/endpoint.hpp"
#include "config/option_names.hpp"
#include "config/text_check.hpp"
#include "runtime/base/assert.hpp"
#include "runtime/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <type_traits>

namespace weft::config {

namespace {

/// What was expected, if the value is refused.
using refusal = std::optional<std::string>;

std::string absolute_path(const std::string& text, const std::string& folder) {
  return (std::filesystem::path{folder} / text).lexically_normal().string();
}

bool is_library_path(std::string_view text) {
  return text.find('/') != std::string_view::npos || text.ends_with(".so");
}

bool is_type_name(std::string_view text) {
  const auto dot = text.find('.');
  return dot != std::string_view::npos && is_name(text)
         && is_name(text.substr(0, dot)) && is_name(text.substr(dot + 1));
}

bool is_path(std::string_view text) {
  constexpr std::size_t path_bytes_max = 4096;
  return !text.empty() && text.size() < path_bytes_max && !find_text_fault(text)
         && text.find_first_of("\t\r\n") == std::string_view::npos;
}

/// Text rows: what a valid text becomes; absent when it is not valid.
std::optional<std::string> parse_text(const scalar_input& input) {
  const auto& text = input.value.text;
  switch (input.key.type) {
  case value_type::name:
    return is_name(text) ? std::optional{text} : std::nullopt;
  case value_type::type_name:
    return is_type_name(text) ? std::optional{text} : std::nullopt;
  case value_type::path:
    if (is_path(text))
      return absolute_path(text, input.files.folder(input.value.where));
    return std::nullopt;
  case value_type::library:
    if (is_path(text) && is_library_path(text))
      return absolute_path(text, input.files.folder(input.value.where));
    return is_name(text) ? std::optional{text} : std::nullopt;
  default:
    WEFT_ASSERT(!"a row of text");
    return std::nullopt;
  }
}

template <class Number>
std::optional<Number> parse_number(const scalar_input& input) {
  const auto& text = input.value.text;
  Number number{};
  const auto* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  const auto in_range = [&](double value) {
    return value >= input.key.min && value <= input.key.max;
  };
  if (code != std::errc{} || stop != end
      || !in_range(static_cast<double>(number)))
    return std::nullopt;
  return number;
}

template <class Enum>
std::optional<Enum> parse_choice(std::string_view text) {
  const auto names = names_of<Enum>();
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end())
    return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

struct assignment {
  const scalar_input& input;

  refusal operator()(bool* member) const {
    const auto& text = input.value.text;
    if (text != "true" && text != "false")
      return expected(input.key);
    *member = text == "true";
    return std::nullopt;
  }

  refusal operator()(std::uint32_t* member) const {
    return set(member, parse_number<std::uint32_t>(input));
  }

  refusal operator()(std::uint64_t* member) const {
    const auto parsed = parse_bytes(input.value.text);
    if (!parsed)
      return expected(input.key) + " such as 64MiB";
    const auto size = static_cast<double>(*parsed);
    if (size < input.key.min || size > input.key.max)
      return expected(input.key);
    *member = *parsed;
    return std::nullopt;
  }

  refusal operator()(double* member) const {
    return set(member, parse_number<double>(input));
  }

  refusal operator()(std::chrono::nanoseconds* member) const {
    const auto parsed = parse_duration(input.value.text);
    if (!parsed)
      return expected(input.key) + " with its unit";
    const auto count = static_cast<double>(parsed->count());
    if (count < input.key.min || count > input.key.max)
      return expected(input.key);
    *member = *parsed;
    return std::nullopt;
  }

  refusal operator()(std::string* member) const {
    return set(member, parse_text(input));
  }

  refusal operator()(endpoint* member) const { return set_endpoint(member); }

  refusal operator()(std::optional<endpoint>* member) const {
    return set_endpoint(member);
  }

  template <class Enum>
  requires std::is_enum_v<Enum> refusal operator()(Enum* member) const {
    return set(member, parse_choice<Enum>(input.value.text));
  }

  refusal operator()(std::vector<std::string>* member) const {
    return append(member, parse_text(input));
  }

  refusal operator()(std::vector<module_options>* member) const {
    auto entry = parse_text(input);
    if (!entry)
      return expected(input.key);
    member->push_back(
        {*std::move(entry), input.files.locate(input.value.where)});
    return std::nullopt;
  }

  refusal operator()(std::vector<std::uint32_t>* member) const {
    return append(member, parse_number<std::uint32_t>(input));
  }

  refusal operator()(std::map<std::string, log_level>* member) const {
    const auto level = parse_choice<log_level>(input.value.text);
    if (!level)
      return expected(input.key);
    member->insert_or_assign(std::string{input.last_key}, *level);
    return std::nullopt;
  }

  template <class Other>
  refusal operator()(const Other&) const {
    WEFT_ASSERT(!"a scalar row has a scalar member");
    return std::nullopt;
  }

private:
  template <class Member, class Value>
  refusal set(Member* member, std::optional<Value> value) const {
    if (!value)
      return expected(input.key);
    *member = std::move(*value);
    return std::nullopt;
  }

  template <class Item>
  refusal append(std::vector<Item>* member, std::optional<Item> item) const {
    if (!item)
      return expected(input.key);
    member->push_back(std::move(*item));
    return std::nullopt;
  }

  template <class Member>
  refusal set_endpoint(Member* member) const {
    auto parsed = match_endpoint(input.value.text);
    if (!parsed)
      return std::move(parsed.error());
    *member = std::move(*parsed);
    return std::nullopt;
  }
};

} // namespace

std::optional<std::string> bind_scalar(const scalar_input& input,
                                       field member) {
  return std::visit(assignment{input}, member);
}

} // namespace weft::config

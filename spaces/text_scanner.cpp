#include "spaces/text_scanner.hpp"

#include "runtime/base/utf8.hpp"
#include "spaces/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::spaces {

namespace {

using failed = tl::unexpected<failure>;

/// What the next token looks like, for a message.
std::string_view token_of(std::string_view rest) {
  if (rest.empty())
    return "the end";
  const auto word = rest.find_first_of(" \t\r\n,]}[{:");
  const auto length = word == 0 ? 1 : std::min<std::size_t>(word, 20);
  return utf8_prefix(rest, std::min(length, rest.size()));
}

void append_utf8(std::string& to, std::uint32_t point) {
  const auto tail = [&to, point](int shift) {
    to += static_cast<char>(0x80 | ((point >> shift) & 0x3F));
  };
  if (point < 0x80) {
    to += static_cast<char>(point);
  } else if (point < 0x800) {
    to += static_cast<char>(0xC0 | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    to += static_cast<char>(0xE0 | (point >> 12));
    tail(6);
    tail(0);
  } else {
    to += static_cast<char>(0xF0 | (point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// The length of the JSON number that the text begins with; 0 for none. Of
/// "3..10" it is 1.
std::size_t number_length(std::string_view text) {
  const auto digits = [text](std::size_t from) {
    auto end = from;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9')
      ++end;
    return end;
  };
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  auto end = digits(first);
  if (end == first || (text[first] == '0' && end > first + 1))
    return 0;
  if (end < text.size() && text[end] == '.' && digits(end + 1) > end + 1)
    end = digits(end + 1);
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    auto exponent = end + 1;
    if (exponent < text.size()
        && (text[exponent] == '+' || text[exponent] == '-'))
      ++exponent;
    if (digits(exponent) > exponent)
      end = digits(exponent);
  }
  return end;
}

} // namespace

std::string_view text_scanner::rest() {
  const auto end = text_.find_first_not_of(" \t\r\n", next_);
  next_ = std::min(end, text_.size());
  return text_.substr(next_);
}

std::size_t text_scanner::place() {
  rest();
  return next_;
}

bool text_scanner::skip(std::string_view token) {
  if (!rest().starts_with(token))
    return false;
  next_ += token.size();
  return true;
}

tl::unexpected<failure> text_scanner::wrong(std::size_t place,
                                            std::string what) const {
  const auto is_first = [](char byte) { return (byte & 0xC0) != 0x80; };
  const auto before = text_.substr(0, place);
  const auto character =
      1 + std::count_if(before.begin(), before.end(), is_first);
  return fail(errc::invalid_argument,
              fmt::format("character {}: {}", character, what));
}

tl::unexpected<failure> text_scanner::expected(std::string_view what) {
  const auto got = token_of(rest());
  return wrong(next_, fmt::format("expected {}, got {}", what, got));
}

result<void> text_scanner::expect(std::string_view token,
                                  std::string_view what) {
  if (!skip(token))
    return expected(what);
  return {};
}

result<value> text_scanner::read_value(std::size_t depth) {
  const auto next = rest();
  if (next.starts_with('"')) {
    auto text = read_string();
    return text ? result<value>{*std::move(text)} : failed(text.error());
  }
  if (next.starts_with('{'))
    return read_object();
  if (next.starts_with('[')) {
    if (depth >= list_depth_max)
      return wrong(next_, fmt::format("lists are nested at most {} deep; "
                                      "got more",
                                      list_depth_max));
    skip("[");
    auto elements = read_elements(depth + 1);
    return elements ? result<value>{*std::move(elements)}
                    : failed(elements.error());
  }
  if (number_length(next) > 0)
    return read_number();
  if (skip("null"))
    return value{};
  if (skip("true"))
    return value{true};
  if (skip("false"))
    return value{false};
  return expected("a value");
}

result<value> text_scanner::read_number() {
  const auto length = number_length(rest());
  if (length == 0)
    return expected("a number");
  const auto spelled = rest().substr(0, length);
  auto number = parse_number(spelled);
  if (!number)
    return wrong(next_, fmt::format("expected a number that i64 or f64 can "
                                    "hold, got {}",
                                    spelled.substr(0, 40)));
  next_ += length;
  return *std::move(number);
}

result<value_list> text_scanner::read_elements(std::size_t depth) {
  value_list elements;
  if (skip("]"))
    return elements;
  do {
    auto element = read_value(depth);
    if (!element)
      return pass_on(element);
    elements.push_back(*std::move(element));
  } while (skip(","));
  if (auto closed = expect("]", "a comma or ]"); !closed)
    return pass_on(closed);
  return elements;
}

result<std::string> text_scanner::read_string() {
  const auto begin = place();
  if (!skip("\""))
    return expected("a string");
  std::string read;
  for (;;) {
    const auto left = text_.substr(next_);
    if (left.empty())
      return wrong(begin, "expected the closing quote of this string, got "
                          "the end");
    const auto bytes = utf8_sequence_bytes(left);
    if (bytes == 0)
      return wrong(next_, "expected UTF-8, got other bytes");
    if (static_cast<unsigned char>(left[0]) < 0x20)
      return wrong(next_, "expected no control character, got one; write it "
                          "as \\u00XX");
    if (left[0] == '"') {
      ++next_;
      return read;
    }
    if (left[0] == '\\') {
      if (auto escaped = read_escape(read); !escaped)
        return pass_on(escaped);
      continue;
    }
    read += left.substr(0, bytes);
    next_ += bytes;
  }
}

result<void> text_scanner::read_escape(std::string& to) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
  const auto begin = next_;
  const auto letter = next_ + 1 < text_.size() ? text_[next_ + 1] : '\0';
  if (const auto known = letters.find(letter);
      known != std::string_view::npos) {
    to += meant[known];
    next_ += 2;
    return {};
  }
  auto point = read_code_unit();
  if (!point)
    return failed(point.error());
  if (*point >= 0xD800 && *point < 0xDC00) {
    const auto low = read_code_unit();
    if (!low || *low < 0xDC00 || *low > 0xDFFF)
      return wrong(begin, "expected two surrogates, got one");
    *point = 0x10000 + ((*point - 0xD800) << 10) + (*low - 0xDC00);
  } else if (*point >= 0xDC00 && *point <= 0xDFFF) {
    return wrong(begin, "expected two surrogates, got the second alone");
  }
  append_utf8(to, *point);
  return {};
}

result<std::uint32_t> text_scanner::read_code_unit() {
  const auto spelled = text_.substr(next_, 6);
  std::uint32_t unit = 0;
  bool good = spelled.size() == 6 && spelled.starts_with("\\u");
  for (std::size_t i = 2; good && i < 6; ++i) {
    const auto digit =
        std::string_view{"0123456789abcdefABCDEF"}.find(spelled[i]);
    good = digit != std::string_view::npos;
    unit =
        unit * 16 + static_cast<std::uint32_t>(digit < 16 ? digit : digit - 6);
  }
  if (!good)
    return wrong(next_, "expected an escape of JSON, got another");
  next_ += 6;
  return unit;
}

result<value> text_scanner::read_object() {
  const auto begin = place();
  skip("{");
  const auto key = read_string();
  if (!key)
    return failed(key.error());
  const auto type = field_type_of(*key);
  if (!type)
    return wrong(begin + 1, fmt::format("expected f64, bytes, f64_array or "
                                        "string as the key, got {}",
                                        *key));
  if (auto colon = expect(":", "a colon"); !colon)
    return pass_on(colon);
  auto read = read_typed(*type);
  if (!read)
    return read;
  if (auto closed = expect("}", "} behind the one key"); !closed)
    return pass_on(closed);
  return read;
}

result<value> text_scanner::read_typed(field_type type) {
  if (type == field_type::f64)
    return read_special_f64();
  if (type == field_type::f64_array)
    return read_array();
  if (type == field_type::bytes) {
    auto bytes = read_bytes();
    return bytes ? result<value>{byte_string{*std::move(bytes)}}
                 : failed(bytes.error());
  }
  if (type == field_type::string) {
    auto text = read_any_string();
    return text ? result<value>{*std::move(text)} : failed(text.error());
  }
  return expected(fmt::format("a value without the key {}, which only f64, "
                              "bytes, f64_array and string have",
                              to_string(type)));
}

result<value> text_scanner::read_special_f64() {
  const auto begin = place();
  if (!rest().starts_with('"')) {
    auto number = read_number();
    if (!number)
      return number;
    if (const auto* whole = std::get_if<std::int64_t>(&number->is))
      return value{static_cast<double>(*whole)};
    return number;
  }
  const auto name = read_string();
  if (!name)
    return failed(name.error());
  const auto special = special_named(*name);
  if (!special)
    return wrong(begin,
                 fmt::format("expected nan, inf or -inf, got {}", *name));
  return value{*special};
}

result<value> text_scanner::read_array() {
  if (auto opened = expect("[", "["); !opened)
    return pass_on(opened);
  f64_array doubles;
  if (skip("]"))
    return value{std::move(doubles)};
  do {
    const auto element = read_special_f64();
    if (!element)
      return failed(element.error());
    doubles.push_back(std::get<double>(element->is));
  } while (skip(","));
  if (auto closed = expect("]", "a comma or ]"); !closed)
    return pass_on(closed);
  return value{std::move(doubles)};
}

result<std::string> text_scanner::read_bytes() {
  const auto begin = place();
  const auto spelled = read_string();
  if (!spelled)
    return spelled;
  auto bytes = from_base64(*spelled);
  if (!bytes)
    return wrong(begin, "expected base64 with padding, got another text");
  return *std::move(bytes);
}

result<std::string> text_scanner::read_any_string() {
  if (!skip("{"))
    return read_string();
  const auto begin = place();
  const auto key = read_string();
  if (!key)
    return key;
  if (*key != "bytes")
    return wrong(begin, fmt::format("expected bytes as the key, got {}", *key));
  if (auto colon = expect(":", "a colon"); !colon)
    return pass_on(colon);
  auto bytes = read_bytes();
  if (!bytes)
    return bytes;
  if (auto closed = expect("}", "} behind the one key"); !closed)
    return pass_on(closed);
  return bytes;
}

} // namespace weft::spaces

#include "runtime/base/utf8.hpp"
#include "spaces/text.hpp"
#include "spaces/text_pattern.hpp"
#include "spaces/text_scanner.hpp"

#include <fmt/format.h>

namespace weft::spaces {

namespace {

void append_string(std::string& to, std::string_view text) {
  to += '"';
  for (const char each : text) {
    if (each == '"' || each == '\\')
      to += '\\';
    if (static_cast<unsigned char>(each) < 0x20)
      to += fmt::format("\\u{:04x}", each);
    else
      to += each;
  }
  to += '"';
}

void append_double(std::string& to, double number) {
  if (const auto name = special_name(number))
    return append_string(to, *name);
  const auto spelled = fmt::format("{}", number);
  to += spelled;
  // Without a point it would read as an i64.
  if (spelled.find_first_of(".e") == std::string::npos)
    to += ".0";
}

void append_f64(std::string& to, double number) {
  const bool special = special_name(number).has_value();
  to += special ? "{\"f64\": " : "";
  append_double(to, number);
  to += special ? "}" : "";
}

void append_array(std::string& to, std::span<const double> doubles) {
  to += "{\"f64_array\": [";
  for (std::size_t i = 0; i < doubles.size(); ++i) {
    to += i > 0 ? ", " : "";
    append_double(to, doubles[i]);
  }
  to += "]}";
}

void append_bytes(std::string& to, std::string_view bytes) {
  to += "{\"bytes\": \"" + to_base64(bytes) + "\"}";
}

/// Of a string that stands for itself.
void append_text(std::string& to, std::string_view text) {
  if (is_utf8(text))
    return append_string(to, text);
  to += "{\"string\": ";
  append_bytes(to, text);
  to += "}";
}

void append_field(std::string& to, const field& of) {
  switch (of.type()) {
  case field_type::null:
    to += "null";
    return;
  case field_type::boolean:
    to += of.as_bool() ? "true" : "false";
    return;
  case field_type::i64:
    to += fmt::format("{}", of.as_i64());
    return;
  case field_type::f64:
    return append_f64(to, of.as_f64());
  case field_type::string:
    return append_text(to, of.as_text());
  case field_type::bytes:
    return append_bytes(to, of.as_text());
  case field_type::f64_array:
    return append_array(to, of.as_array());
  case field_type::list:
    break;
  }
  to += '[';
  for (std::size_t i = 0; i < of.size(); ++i) {
    to += i > 0 ? ", " : "";
    append_field(to, of.element(i));
  }
  to += ']';
}

/// Of a string in a pattern, which must not read as a matcher.
void append_exact(std::string& to, const field& of) {
  const bool misread =
      of.type() == field_type::string
      && (of.as_text() == "..." || spelled_matcher(of.as_text()).has_value());
  if (!misread || !is_utf8(of.as_text()))
    return append_field(to, of);
  to += "{\"string\": ";
  append_string(to, of.as_text());
  to += "}";
}

void append_parts(std::string& to, const cell& at, const char* outside) {
  const auto* parts = parts_of(at, outside);
  switch (static_cast<matcher_kind>(at.kind)) {
  case matcher_kind::range:
    to += (at.detail & has_from) ? "{\"from\": " : "{\"to\": ";
    append_field(to, {parts[(at.detail & has_from) ? 0 : 1], outside});
    if (at.detail == (has_from | has_to)) {
      to += ", \"to\": ";
      append_field(to, {parts[1], outside});
    }
    break;
  case matcher_kind::prefix:
    to += "{\"prefix\": ";
    append_field(to, {parts[0], outside});
    break;
  default:
    to += "{\"one_of\": [";
    for (std::size_t i = 0; i < at.size(); ++i) {
      to += i > 0 ? ", " : "";
      append_field(to, {parts[i], outside});
    }
    to += ']';
    break;
  }
  to += '}';
}

void append_matcher(std::string& to, const cell& at, const char* outside) {
  if (at.is_field())
    return append_exact(to, {at, outside});
  if (at.is(matcher_kind::any))
    to += "\"_\"";
  else if (at.is(matcher_kind::type))
    to +=
        fmt::format("\"{}:_\"", to_string(static_cast<field_type>(at.detail)));
  else
    append_parts(to, at, outside);
}

} // namespace

std::string to_text(const field& what) {
  std::string text;
  append_field(text, what);
  return text;
}

std::string to_text(const tuple& what) {
  std::string text = "[";
  for (std::size_t i = 0; i < what.size(); ++i) {
    text += i > 0 ? ", " : "";
    append_field(text, what[i]);
  }
  return text + "]";
}

std::string to_text(const pattern& what) {
  std::string text = "[";
  const auto& memory = what.memory();
  for (std::size_t i = 0; i < memory.arity(); ++i) {
    text += i > 0 ? ", " : "";
    append_matcher(text, memory.cells()[i], memory.outside());
  }
  if (what.open())
    text += memory.arity() > 0 ? ", \"...\"" : "\"...\"";
  return text + "]";
}

} // namespace weft::spaces

#pragma once

#include "runtime/base/result.hpp"
#include "spaces/value.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace weft::spaces {

/// Reads values from a text, as text.hpp spells them. Every call fails with
/// `invalid_argument` and the place of the mistake.
class text_scanner {
public:
  explicit text_scanner(std::string_view text) : text_{text} {}

  /// What is read next, behind blanks; "" at the end.
  std::string_view rest();
  bool at_end() { return rest().empty(); }

  /// Reads this if it comes next.
  bool skip(std::string_view token);
  result<void> expect(std::string_view token, std::string_view what);

  /// A value; lists at this depth.
  result<value> read_value(std::size_t depth = 0);
  result<value> read_number();
  result<std::string> read_string();
  /// What stands between the brackets of a list that is open.
  result<value_list> read_elements(std::size_t depth);
  /// The object whose brace and key, `type`, are read, without its end.
  result<value> read_typed(field_type type);

  /// Where the next token begins.
  std::size_t place();
  /// "character 7: expected a value, got ]", for the next token or a place.
  tl::unexpected<failure> expected(std::string_view what);
  tl::unexpected<failure> wrong(std::size_t place, std::string what) const;

private:
  result<void> read_escape(std::string& to);
  result<std::uint32_t> read_code_unit();
  result<value> read_object();
  result<value> read_special_f64();
  result<value> read_array();
  result<std::string> read_bytes();
  result<std::string> read_any_string();

  std::string_view text_;
  std::size_t next_ = 0;
};

/// The number that the whole text is, an f64 with a point or an exponent,
/// else an i64; nothing when it is none or is out of range.
std::optional<value> parse_number(std::string_view text);

/// The bytes' base64, and back; nothing when it is none.
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

/// Names of doubles that JSON has no number for: "nan", "nan:7ff8000000000001",
/// "inf", "-inf"; nothing for a number.
std::optional<std::string> special_name(double number);
std::optional<double> special_named(std::string_view name);

} // namespace weft::spaces

#pragma once

#include "spaces/pattern.hpp"

#include <string>
#include <string_view>

/// How people write tuples and patterns. What is printed is JSON and reads
/// back as the same tuple or pattern.
///
/// A tuple is a JSON array. What JSON has no spelling for is an object with
/// the type as its one key:
///
///     null true 7 7.0 "seven" [1, [2]]
///     {"f64": "nan"}         also "inf", "-inf", "nan:7ff8000000000001"
///     {"bytes": "AAEC"}      base64 with padding (RFC 4648, section 4)
///     {"f64_array": [1, 2.5, "nan"]}
///     {"string": "seven"}    a string, as it stands
///     {"string": {"bytes": "/w=="}}   a string that is no UTF-8
///
/// A number with a point or an exponent is an f64, any other an i64.
///
/// A pattern is an array of values and of matchers:
///
///     _  "_"                 anything
///     i64:_  "i64:_"         anything of the type (see field_type.hpp)
///     3..10  "3..10"         from 3 to 10, both included; 3.. and ..10 too
///     "a".."f"               the same of strings
///     "jo"*  "jo*"           strings that begin with jo
///     "a"|"b"|7              one of these
///     ...  "..."             any further fields; only at the end
///     {"from": 3, "to": 10}  {"prefix": "jo"}  {"one_of": ["a", "b"]}
///
/// The matchers in quotes or braces are JSON. A string that is spelled like a
/// matcher in quotes is written {"string": "_"}; inside of lists, of matchers
/// and of tuples all strings stand for themselves.
namespace weft::spaces {

/// Fails with `invalid_argument`; the message begins with the place of the
/// mistake, "character 7: ", counted from 1. Cost: linear.
result<tuple> parse_tuple(std::string_view text);
result<pattern> parse_pattern(std::string_view text);

/// One line, with a blank behind each comma. Cost: linear.
std::string to_text(const tuple& what);
std::string to_text(const pattern& what);
std::string to_text(const field& what);

} // namespace weft::spaces

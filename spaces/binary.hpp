#pragma once

#include "spaces/pattern.hpp"

#include <string>
#include <string_view>

/// The compact encoding in which tuples and patterns travel and are stored.
///
/// All numbers are little-endian; N is an unsigned LEB128 of at most 5 bytes,
/// in its shortest form.
///
///     tuple     N fields, then each field
///     pattern   N (2 x matchers, + 1 if open), then each matcher
///     field     a byte of its type (field_type), then
///               null     nothing
///               bool     a byte, 0 or 1
///               i64      zigzag LEB128 of at most 10 bytes
///               f64      8 bytes
///               string,  N bytes, then the bytes
///               bytes
///               array    N doubles, then 8 bytes each
///               list     N elements, then each element, a field
///     matcher   a field, or a byte of its kind (matcher_kind), then
///               any      nothing
///               type     a byte of the type
///               range    a byte (1: has a first bound, 2: a last, 3: both),
///                        then the bounds, fields
///               prefix   a field
///               one_of   N alternatives, then each, a field
///
/// A tuple has exactly one encoding, so that equal bytes mean same fields.
namespace weft::spaces {

/// Appends the encoding of the tuple or pattern. Cost: linear.
void encode(const tuple& what, std::string& to);
void encode(const pattern& what, std::string& to);

std::string to_binary(const tuple& what);
std::string to_binary(const pattern& what);

/// Reads the tuple or pattern that `from` begins with and removes its bytes.
/// Any bytes may come: fails with `invalid_argument` and says at which byte,
/// leaving `from` as it was, when they are none, or are above a limit (see
/// limits.hpp). Allocates only once all is checked, and at most a small
/// multiple of the bytes that were read. Cost: linear.
result<tuple> decode_tuple(std::string_view& from);
result<pattern> decode_pattern(std::string_view& from);

/// The same for bytes that must be used up.
result<tuple> tuple_from_binary(std::string_view bytes);
result<pattern> pattern_from_binary(std::string_view bytes);

} // namespace weft::spaces

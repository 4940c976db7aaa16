#pragma once

#include "runtime/base/result.hpp"
#include "spaces/block.hpp"
#include "spaces/limits.hpp"
#include "spaces/value.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// How fields get into a block: what they need is measured first, so that the
/// block is allocated once and limits are checked before.
namespace weft::spaces {

/// What a field is made from; owns nothing.
struct piece {
  field_type type = field_type::null;
  /// Of bool, i64 and f64.
  std::uint64_t scalar = 0;
  /// Of string and bytes.
  std::string_view text;
  std::span<const double> doubles;
  std::span<const value> elements;

  piece() = default;
  piece(std::nullptr_t) {}
  piece(bool of) : type{field_type::boolean}, scalar{of} {}
  piece(int of) : piece{std::int64_t{of}} {}
  piece(std::int64_t of)
      : type{field_type::i64}, scalar{static_cast<std::uint64_t>(of)} {}
  piece(double of)
      : type{field_type::f64}, scalar{std::bit_cast<std::uint64_t>(of)} {}
  piece(const char* of) : type{field_type::string}, text{of} {}
  piece(std::string_view of) : type{field_type::string}, text{of} {}
  piece(const std::string& of) : type{field_type::string}, text{of} {}
  piece(std::span<const double> of)
      : type{field_type::f64_array}, doubles{of} {}
  piece(const f64_array& of) : type{field_type::f64_array}, doubles{of} {}
  /// Refers to what the value holds.
  piece(const value& of);
};

/// What fields take of a block and of the limits.
struct measure {
  std::size_t content_bytes = 0;
  std::size_t outside_bytes = 0;

  /// Adds a field. Fails with `invalid_argument` when lists are nested deeper
  /// than `list_depth_max` or the content gets above `tuple_bytes_max`.
  result<void> add(const piece& what, std::size_t depth = 0);

  /// Adds a field that lies inside of its cell, without a look at the limits:
  /// `check` after the last. False: it does not lie inside, and is not added.
  bool add_inside(const piece& what);

  /// Adds a text of that length, or an array or list without its elements'
  /// content. Fails like `add`.
  result<void> add_text(std::size_t bytes);
  result<void> add_array(std::size_t count);
  result<void> add_list(std::size_t count, std::size_t depth);
  void add_scalar(field_type type);

  /// Whether what was added is within `tuple_bytes_max`; scalars are added
  /// without a look.
  result<void> check() const;
};

inline void measure::add_scalar(field_type type) {
  const bool number = type == field_type::i64 || type == field_type::f64;
  content_bytes += number ? 8 : 1;
}

inline bool measure::add_inside(const piece& what) {
  if (what.type < field_type::string) {
    add_scalar(what.type);
    return true;
  }
  const bool is_text = what.type <= field_type::bytes;
  if (!is_text || what.text.size() > cell::inside_bytes_max)
    return false;
  content_bytes += what.text.size();
  return true;
}

/// Writes fields that were measured into a block.
class block_filler {
public:
  explicit block_filler(block& into) : into_{&into} {}

  void put(cell& at, const piece& what);

  void put_scalar(cell& at, field_type type, std::uint64_t bits);
  void put_text(cell& at, field_type type, std::string_view text);
  /// Returns where the `count` doubles go.
  char* put_array(cell& at, std::size_t count);
  /// Returns the `count` elements, as nulls.
  cell* put_list(cell& at, std::uint8_t kind, std::size_t count);

private:
  std::uint32_t reserve(std::size_t bytes);

  block* into_;
  std::size_t used_ = 0;
};

/// `bytes` rounded up to what they take outside of the cells.
constexpr std::size_t aligned(std::size_t bytes) {
  return (bytes + 7) & ~std::size_t{7};
}

} // namespace weft::spaces

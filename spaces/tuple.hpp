#pragma once

#include "runtime/base/assert.hpp"
#include "spaces/field.hpp"
#include "spaces/piece.hpp"

#include <array>
#include <span>

namespace weft::spaces {

/// An ordered list of 1 to `fields_max` typed fields. Never changes; a copy
/// shares the fields, so that copying and reading copy no content. The fields
/// lie in one block, short ones within 16 bytes each. Copies of one tuple may
/// be used by several threads; one object by one at a time.
class tuple {
public:
  /// No tuple; only to be assigned to.
  tuple() = default;

  /// Fails with `invalid_argument` when there are too few or too many fields,
  /// too much content, or lists too deep (see limits.hpp).
  static result<tuple> make(std::span<const value> fields);
  static result<tuple> make(std::span<const piece> fields);

  /// Of a block whose fields and content are set.
  static tuple adopt(block_ref filled);

  explicit operator bool() const { return static_cast<bool>(block_); }

  std::size_t size() const { return block_->arity(); }
  field operator[](std::size_t index) const {
    return {block_->cells()[index], block_->outside()};
  }

  /// Its content as `tuple_bytes_max` counts it.
  std::size_t content_bytes() const { return block_->content_bytes; }

  const block& memory() const { return *block_.get(); }

  /// Same fields in the same order.
  friend bool operator==(const tuple& a, const tuple& b);

private:
  block_ref block_;
};

/// The types of the fields, of which few fields have another signature than
/// all other fields, and more a hash; never 0.
std::uint32_t signature_of(std::span<const cell> fields);

/// Whether only fields of the same types have this signature.
inline bool is_exact_signature(std::uint32_t signature) {
  return signature >> 31 != 0;
}

/// A tuple of these fields, for those that are known to be within the limits:
/// `tuple_of("job", 7, 2.5)`.
template <class... Fields>
tuple tuple_of(const Fields&... fields) {
  const std::array<piece, sizeof...(Fields)> pieces{piece{fields}...};
  auto made = tuple::make(std::span<const piece>{pieces});
  WEFT_ASSERT(made.has_value());
  return *std::move(made);
}

} // namespace weft::spaces

#pragma once

#include "spaces/tuple.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace weft::spaces {

/// What a pattern says of one field.
namespace match {

/// Any field.
struct any {
  friend bool operator==(const any&, const any&) = default;
};

/// Any field of this type.
struct type {
  field_type of = field_type::null;

  friend bool operator==(const type&, const type&) = default;
};

/// The field that equals this one.
struct exact {
  value to;

  friend bool operator==(const exact&, const exact&) = default;
};

/// A field of the bounds' type from `from` to `to`, both included; one of them
/// may be absent. Types: i64, f64, string, bytes. A NaN is in no range.
struct range {
  std::optional<value> from;
  std::optional<value> to;

  friend bool operator==(const range&, const range&) = default;
};

/// A string or bytes that begin with this one.
struct prefix {
  value of;

  friend bool operator==(const prefix&, const prefix&) = default;
};

/// A field that equals one of these, 1 to `one_of_max`.
struct one_of {
  std::vector<value> values;

  friend bool operator==(const one_of&, const one_of&) = default;
};

} // namespace match

using matcher = std::variant<match::any, match::type, match::exact,
                             match::range, match::prefix, match::one_of>;

/// What tuples must look like: one matcher a field; an open pattern (a
/// trailing `...`) lets more fields follow. Data like a tuple: never changes,
/// copies share the matchers, may be used by several threads.
class pattern {
public:
  /// No pattern; only to be assigned to.
  pattern() = default;

  /// Fails with `invalid_argument` when there are too few (none, unless it is
  /// open) or too many matchers, too much content, bounds that differ in type,
  /// have no order or are reversed, a prefix of a type that has none, or too
  /// few or many alternatives. The message begins with the matcher's position,
  /// from 0, where one is to blame.
  static result<pattern> make(std::span<const matcher> matchers,
                              bool open = false);

  /// Matches exactly this tuple.
  static pattern equal_to(const tuple& fields);

  explicit operator bool() const { return static_cast<bool>(block_); }

  std::size_t size() const { return block_->arity(); }
  bool open() const { return open_; }
  std::size_t content_bytes() const { return block_->content_bytes; }

  /// The matcher at this position, as `make` took it. Cost: linear in its
  /// content.
  matcher at(std::size_t index) const;

  /// Cost: linear in the smaller of the two, at most.
  bool matches(const tuple& fields) const;

  const block& memory() const { return *block_.get(); }

  /// What an index has to know of it. Positions from 64 on are in no set.
  struct plan {
    /// Positions whose field must equal a given one.
    std::uint64_t exact = 0;
    /// Further positions whose type is given.
    std::uint64_t typed = 0;
    /// The first position, of the first 64, with a range or a prefix.
    std::optional<std::uint8_t> ordered;
    /// The first position, of the first 64, with a one-of.
    std::optional<std::uint8_t> one_of;
    /// The types that it asks for, as `leading_kinds` has them of a tuple, and
    /// the bytes where it asks for one.
    std::uint64_t leading_kinds = 0;
    std::uint64_t leading_mask = 0;
  };
  const plan& how() const { return plan_; }

  /// Of a block whose matchers and content are set.
  static pattern adopt(block_ref filled, bool open);

private:
  /// Whether the fields from a position on match.
  bool matches_from(std::size_t first, const block& got) const;

  block_ref block_;
  plan plan_;
  bool open_ = false;
};

/// A matcher that is a field, any field, or any field of a type; owns nothing.
struct pattern_piece {
  template <class T>
  requires std::constructible_from<piece, const T&> pattern_piece(const T& of)
      : field{of} {}
  pattern_piece(match::any)
      : kind{static_cast<std::uint8_t>(matcher_kind::any)} {}
  pattern_piece(match::type of)
      : kind{static_cast<std::uint8_t>(matcher_kind::type)}, type{of.of} {}

  /// 0: the field.
  std::uint8_t kind = 0;
  field_type type = field_type::null;
  piece field;
};

/// Fails like `pattern::make`.
result<pattern> make_pattern(std::span<const pattern_piece> pieces, bool open);

/// A pattern of these matchers, for those that are known to be within the
/// limits: `pattern_of("job", 7, match::any{})`.
template <class... Matchers>
pattern pattern_of(const Matchers&... matchers) {
  const std::array<pattern_piece, sizeof...(Matchers)> pieces{
      pattern_piece{matchers}...};
  auto made = make_pattern(pieces, false);
  WEFT_ASSERT(made.has_value());
  return *std::move(made);
}

/// Whether a field is what a matcher's cell asks for.
bool matches(const cell& wanted, const char* wanted_outside, const cell& field,
             const char* field_outside);

/// The types of the first 8 fields, a byte each, the first the lowest.
inline std::uint64_t leading_kinds(const block& of) {
  std::uint64_t kinds = 0;
  for (std::size_t i = 0; i < of.arity() && i < 8; ++i)
    kinds |= std::uint64_t{of.cells()[i].kind} << (8 * i);
  return kinds;
}

inline bool pattern::matches(const tuple& fields) const {
  const auto& wanted = *block_.get();
  const auto& got = fields.memory();
  const auto arity = wanted.arity();
  if (got.arity() != arity && (!open_ || got.arity() < arity))
    return false;
  for (std::size_t i = 0; i < arity; ++i) {
    const auto& asked = wanted.cells()[i];
    // First, so that a field that may be any is not even loaded.
    if (asked.is(matcher_kind::any))
      continue;
    const auto& at = got.cells()[i];
    const bool same = asked.first_word() == at.first_word()
                      && asked.second_word() == at.second_word()
                      && !asked.is_outside();
    if (!same)
      return matches_from(i, got);
  }
  return true;
}

/// The type that a matcher's cell asks for; nothing when it leaves it open.
std::optional<field_type> type_of(const cell& wanted, const char* outside);

/// Elements of a list, bounds of a range, the text of a prefix or the
/// alternatives of a one-of.
inline const cell* parts_of(const cell& of, const char* outside) {
  return reinterpret_cast<const cell*>(outside + of.offset());
}

/// Bits of a range's `cell::detail`: which bounds it has.
inline constexpr std::uint8_t has_from = 1;
inline constexpr std::uint8_t has_to = 2;

} // namespace weft::spaces

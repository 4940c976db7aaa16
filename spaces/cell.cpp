#include "spaces/cell.hpp"

#include <algorithm>

namespace weft::spaces {

namespace {

constexpr std::uint64_t odd = 0xA0761D6478BD642F;

std::uint64_t word_at(const char* from, std::size_t bytes) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, from, bytes);
  return bits;
}

std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
  std::uint64_t state = seed ^ text.size();
  while (text.size() > 8) {
    state = mix(state ^ word_at(text.data(), 8), odd);
    text.remove_prefix(8);
  }
  return mix(state ^ word_at(text.data(), text.size()), odd);
}

std::uint64_t hash_doubles(const char* from, std::size_t count,
                           std::uint64_t seed) {
  std::uint64_t state = seed ^ count;
  for (std::size_t i = 0; i < count; ++i)
    state = mix(state ^ equality_bits(word_at(from + 8 * i, 8)), odd);
  return state;
}

const cell* elements(const cell& of, const char* outside) {
  return reinterpret_cast<const cell*>(outside + of.offset());
}

bool equal_lists(const cell& a, const char* outside_a, const cell& b,
                 const char* outside_b) {
  if (a.size() != b.size())
    return false;
  const auto* first = elements(a, outside_a);
  const auto* second = elements(b, outside_b);
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!equal(first[i], outside_a, second[i], outside_b))
      return false;
  return true;
}

bool equal_doubles(const cell& a, const char* outside_a, const cell& b,
                   const char* outside_b) {
  if (a.size() != b.size())
    return false;
  const char* first = outside_a + a.offset();
  const char* second = outside_b + b.offset();
  for (std::size_t i = 0; i < a.size(); ++i)
    if (equality_bits(word_at(first + 8 * i, 8))
        != equality_bits(word_at(second + 8 * i, 8)))
      return false;
  return true;
}

template <class T>
int order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

} // namespace

bool equal_outside(const cell& a, const char* outside_a, const cell& b,
                   const char* outside_b) {
  switch (static_cast<field_type>(a.kind)) {
  case field_type::f64:
    return equality_bits(a.second_word()) == equality_bits(b.second_word());
  case field_type::string:
  case field_type::bytes:
    return text_of(a, outside_a) == text_of(b, outside_b);
  case field_type::f64_array:
    return equal_doubles(a, outside_a, b, outside_b);
  case field_type::list:
    return equal_lists(a, outside_a, b, outside_b);
  default:
    return false;
  }
}

int compare(const cell& a, const char* outside_a, const cell& b,
            const char* outside_b) {
  switch (static_cast<field_type>(a.kind)) {
  case field_type::i64:
    return order(static_cast<std::int64_t>(a.second_word()),
                 static_cast<std::int64_t>(b.second_word()));
  case field_type::f64:
    return order(std::bit_cast<double>(a.second_word()),
                 std::bit_cast<double>(b.second_word()));
  default:
    return order(text_of(a, outside_a), text_of(b, outside_b));
  }
}

std::uint64_t hash_outside(const cell& of, const char* outside,
                           std::uint64_t seed) {
  const auto typed = seed ^ of.kind;
  if (of.is(field_type::f64_array))
    return hash_doubles(outside + of.offset(), of.size(), typed);
  if (!of.is(field_type::list))
    return hash_text(text_of(of, outside), typed);
  auto state = typed ^ of.size();
  const auto* each = elements(of, outside);
  for (std::size_t i = 0; i < of.size(); ++i)
    state = mix(state, odd) ^ hash(each[i], outside, state);
  return state;
}

} // namespace weft::spaces

#include "spaces/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace weft::spaces {

namespace {

using failed = tl::unexpected<failure>;

constexpr std::size_t indexed_positions = 64;

result<void> check_bound(const value& bound) {
  const auto type = bound.type();
  const bool ordered = type == field_type::i64 || type == field_type::f64
                       || type == field_type::string
                       || type == field_type::bytes;
  if (!ordered)
    return fail(errc::invalid_argument,
                fmt::format("expected a range of i64, f64, string or bytes, "
                            "got one of {}",
                            to_string(type)));
  if (const auto* number = std::get_if<double>(&bound.is);
      number && std::isnan(*number))
    return fail(errc::invalid_argument, "no range has NaN as a bound");
  return {};
}

template <class T>
bool is_less(const value& a, const value& b) {
  return std::get<T>(a.is) < std::get<T>(b.is);
}

/// Of two bounds of one type.
bool reversed(const value& from, const value& to) {
  switch (from.type()) {
  case field_type::i64:
    return is_less<std::int64_t>(to, from);
  case field_type::f64:
    return is_less<double>(to, from);
  case field_type::string:
    return is_less<std::string>(to, from);
  default:
    return std::get<byte_string>(to.is).data
           < std::get<byte_string>(from.is).data;
  }
}

/// Checks a matcher and adds what it takes.
struct matcher_size {
  measure& needed;

  result<void> operator()(const match::any&) const { return {}; }
  result<void> operator()(const match::type&) const { return {}; }
  result<void> operator()(const match::exact& of) const {
    return needed.add(of.to);
  }

  result<void> operator()(const match::range& of) const {
    if (!of.from && !of.to)
      return fail(errc::invalid_argument, "a range has a bound; got none");
    for (const auto* bound : {&of.from, &of.to})
      if (*bound)
        if (auto valid = check_bound(**bound); !valid)
          return valid;
    if (of.from && of.to) {
      if (of.from->type() != of.to->type())
        return fail(errc::invalid_argument,
                    fmt::format("expected bounds of one type, got {} and {}",
                                to_string(of.from->type()),
                                to_string(of.to->type())));
      if (reversed(*of.from, *of.to))
        return fail(errc::invalid_argument,
                    "a range goes upwards; its first bound is the larger one");
    }
    return parts({of.from.value_or(value{}), of.to.value_or(value{})});
  }

  result<void> operator()(const match::prefix& of) const {
    const auto type = of.of.type();
    if (type != field_type::string && type != field_type::bytes)
      return fail(errc::invalid_argument,
                  fmt::format("expected a prefix of string or bytes, got {}",
                              to_string(type)));
    return parts({of.of});
  }

  result<void> operator()(const match::one_of& of) const {
    if (of.values.empty() || of.values.size() > one_of_max)
      return fail(errc::invalid_argument,
                  fmt::format("a one-of has 1 to {} alternatives; got {}",
                              one_of_max, of.values.size()));
    return parts(of.values);
  }

  result<void> parts(const std::vector<value>& values) const {
    if (auto added = needed.add_list(values.size(), 0); !added)
      return added;
    for (const auto& each : values)
      if (auto added = needed.add(each); !added)
        return added;
    return {};
  }
};

/// Writes a matcher that was measured.
struct put_matcher {
  block_filler& filler;
  cell& at;

  void operator()(const match::any&) const {
    at.kind = static_cast<std::uint8_t>(matcher_kind::any);
  }
  void operator()(const match::type& of) const {
    at.kind = static_cast<std::uint8_t>(matcher_kind::type);
    at.detail = static_cast<std::uint8_t>(of.of);
  }
  void operator()(const match::exact& of) const { filler.put(at, of.to); }
  void operator()(const match::range& of) const {
    auto* bounds = put_parts(matcher_kind::range, 2);
    at.detail = static_cast<std::uint8_t>((of.from ? has_from : 0)
                                          | (of.to ? has_to : 0));
    if (of.from)
      filler.put(bounds[0], *of.from);
    if (of.to)
      filler.put(bounds[1], *of.to);
  }
  void operator()(const match::prefix& of) const {
    filler.put(*put_parts(matcher_kind::prefix, 1), of.of);
  }
  void operator()(const match::one_of& of) const {
    auto* cells = put_parts(matcher_kind::one_of, of.values.size());
    for (std::size_t i = 0; i < of.values.size(); ++i)
      filler.put(cells[i], of.values[i]);
  }

  cell* put_parts(matcher_kind kind, std::size_t count) const {
    return filler.put_list(at, static_cast<std::uint8_t>(kind), count);
  }
};

value value_of(const cell& at, const char* outside) {
  return field{at, outside}.to_value();
}

matcher range_of(const cell& at, const char* outside) {
  match::range made;
  const auto* bounds = parts_of(at, outside);
  if (at.detail & has_from)
    made.from = value_of(bounds[0], outside);
  if (at.detail & has_to)
    made.to = value_of(bounds[1], outside);
  return made;
}

bool in_range(const cell& wanted, const char* wanted_outside, const cell& at,
              const char* outside) {
  if (at.kind != static_cast<std::uint8_t>(*type_of(wanted, wanted_outside)))
    return false;
  if (at.is(field_type::f64)
      && std::isnan(std::bit_cast<double>(at.second_word())))
    return false;
  const auto* bounds = parts_of(wanted, wanted_outside);
  if ((wanted.detail & has_from)
      && compare(at, outside, bounds[0], wanted_outside) < 0)
    return false;
  return !(wanted.detail & has_to)
         || compare(at, outside, bounds[1], wanted_outside) <= 0;
}

bool is_alternative(const cell& wanted, const char* wanted_outside,
                    const cell& at, const char* outside) {
  const auto* parts = parts_of(wanted, wanted_outside);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (equal(parts[i], wanted_outside, at, outside))
      return true;
  return false;
}

failed wrong_size(std::size_t size) {
  return fail(
      errc::invalid_argument,
      fmt::format("a pattern has 1 to {} matchers; got {}", fields_max, size));
}

} // namespace

result<pattern> pattern::make(std::span<const matcher> matchers, bool open) {
  if (matchers.size() > fields_max || (matchers.empty() && !open))
    return wrong_size(matchers.size());
  measure needed;
  for (std::size_t i = 0; i < matchers.size(); ++i)
    if (auto added = std::visit(matcher_size{needed}, matchers[i]); !added)
      return fail(added.error().code,
                  fmt::format("position {}: {}", i, added.error().message));
  block_ref memory{block::allocate(static_cast<std::uint16_t>(matchers.size()),
                                   needed.outside_bytes)};
  memory->content_bytes = static_cast<std::uint32_t>(needed.content_bytes);
  block_filler filler{*memory.operator->()};
  for (std::size_t i = 0; i < matchers.size(); ++i)
    std::visit(put_matcher{filler, memory->cells()[i]}, matchers[i]);
  return adopt(std::move(memory), open);
}

result<pattern> make_pattern(std::span<const pattern_piece> pieces, bool open) {
  if (pieces.size() > fields_max || (pieces.empty() && !open))
    return wrong_size(pieces.size());
  measure needed;
  for (const auto& each : pieces)
    if (each.kind == 0 && !needed.add_inside(each.field))
      if (auto added = needed.add(each.field); !added)
        return pass_on(added);
  if (auto fits = needed.check(); !fits)
    return pass_on(fits);
  block_ref memory{block::allocate(static_cast<std::uint16_t>(pieces.size()),
                                   needed.outside_bytes)};
  memory->content_bytes = static_cast<std::uint32_t>(needed.content_bytes);
  block_filler filler{*memory.operator->()};
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    auto& at = memory->cells()[i];
    if (pieces[i].kind == 0) {
      filler.put(at, pieces[i].field);
    } else {
      at.kind = pieces[i].kind;
      at.detail = static_cast<std::uint8_t>(pieces[i].type);
    }
  }
  return pattern::adopt(std::move(memory), open);
}

pattern pattern::equal_to(const tuple& fields) {
  // A tuple's cells are the matchers that ask for them.
  auto& shared = const_cast<block&>(fields.memory());
  shared.add_owner();
  return adopt(block_ref{&shared}, false);
}

pattern pattern::adopt(block_ref filled, bool open) {
  pattern made;
  made.open_ = open;
  const auto& memory = *filled.get();
  const auto positions =
      std::min<std::size_t>(memory.arity(), indexed_positions);
  auto& plan = made.plan_;
  for (std::size_t i = 0; i < positions; ++i) {
    const auto& at = memory.cells()[i];
    const auto bit = std::uint64_t{1} << i;
    if (at.is_field())
      plan.exact |= bit;
    const auto type = type_of(at, memory.outside());
    if (type && !at.is_field())
      plan.typed |= bit;
    if (type && i < 8) {
      plan.leading_mask |= std::uint64_t{0xFF} << (8 * i);
      plan.leading_kinds |= static_cast<std::uint64_t>(*type) << (8 * i);
    }
    const auto index = static_cast<std::uint8_t>(i);
    if (!plan.one_of && at.is(matcher_kind::one_of))
      plan.one_of = index;
    if (!plan.ordered
        && (at.is(matcher_kind::range) || at.is(matcher_kind::prefix)))
      plan.ordered = index;
  }
  made.block_ = std::move(filled);
  return made;
}

matcher pattern::at(std::size_t index) const {
  const auto& at = block_->cells()[index];
  const auto* outside = block_->outside();
  if (at.is_field())
    return match::exact{value_of(at, outside)};
  switch (static_cast<matcher_kind>(at.kind)) {
  case matcher_kind::type:
    return match::type{static_cast<field_type>(at.detail)};
  case matcher_kind::range:
    return range_of(at, outside);
  case matcher_kind::prefix:
    return match::prefix{value_of(*parts_of(at, outside), outside)};
  case matcher_kind::one_of: {
    match::one_of made;
    for (std::size_t i = 0; i < at.size(); ++i)
      made.values.push_back(value_of(parts_of(at, outside)[i], outside));
    return made;
  }
  case matcher_kind::any:
    break;
  }
  return match::any{};
}

bool pattern::matches_from(std::size_t first, const block& got) const {
  const auto& wanted = *block_.get();
  for (auto i = first; i < wanted.arity(); ++i)
    if (!spaces::matches(wanted.cells()[i], wanted.outside(), got.cells()[i],
                         got.outside()))
      return false;
  return true;
}

bool matches(const cell& wanted, const char* wanted_outside, const cell& at,
             const char* outside) {
  if (wanted.is_field())
    return equal(wanted, wanted_outside, at, outside);
  switch (static_cast<matcher_kind>(wanted.kind)) {
  case matcher_kind::any:
    return true;
  case matcher_kind::type:
    return at.kind == wanted.detail;
  case matcher_kind::range:
    return in_range(wanted, wanted_outside, at, outside);
  case matcher_kind::prefix: {
    const auto& start = *parts_of(wanted, wanted_outside);
    return at.kind == start.kind
           && text_of(at, outside).starts_with(text_of(start, wanted_outside));
  }
  case matcher_kind::one_of:
    return is_alternative(wanted, wanted_outside, at, outside);
  }
  return false;
}

std::optional<field_type> type_of(const cell& wanted, const char* outside) {
  if (wanted.is_field())
    return static_cast<field_type>(wanted.kind);
  if (wanted.is(matcher_kind::type))
    return static_cast<field_type>(wanted.detail);
  if (wanted.is(matcher_kind::any))
    return std::nullopt;
  const auto* parts = parts_of(wanted, outside);
  if (wanted.is(matcher_kind::range))
    return static_cast<field_type>(
        parts[(wanted.detail & has_from) ? 0 : 1].kind);
  const auto kind = parts[0].kind;
  if (wanted.is(matcher_kind::one_of))
    for (std::size_t i = 1; i < wanted.size(); ++i)
      if (parts[i].kind != kind)
        return std::nullopt;
  return static_cast<field_type>(kind);
}

} // namespace weft::spaces

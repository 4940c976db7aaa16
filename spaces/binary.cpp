#include "spaces/binary.hpp"

#include "spaces/byte_reader.hpp"

#include <fmt/format.h>

#include <cstring>

namespace weft::spaces {

// The doubles of arrays are copied as they lie in memory.
static_assert(std::endian::native == std::endian::little);

namespace {

using failed = tl::unexpected<failure>;

void encode_field(const cell& at, const char* outside, std::string& to) {
  to += static_cast<char>(at.kind);
  switch (static_cast<field_type>(at.kind)) {
  case field_type::null:
    return;
  case field_type::boolean:
    to += static_cast<char>(at.second_word());
    return;
  case field_type::i64:
    return append_signed(to, static_cast<std::int64_t>(at.second_word()));
  case field_type::f64:
    return append_eight_bytes(to, at.second_word());
  case field_type::string:
  case field_type::bytes: {
    const auto text = text_of(at, outside);
    append_number(to, text.size());
    to += text;
    return;
  }
  case field_type::f64_array:
    append_number(to, at.size());
    to.append(outside + at.offset(), 8 * std::size_t{at.size()});
    return;
  case field_type::list:
    break;
  }
  append_number(to, at.size());
  for (std::size_t i = 0; i < at.size(); ++i)
    encode_field(parts_of(at, outside)[i], outside, to);
}

void encode_matcher(const cell& at, const char* outside, std::string& to) {
  if (at.is_field())
    return encode_field(at, outside, to);
  to += static_cast<char>(at.kind);
  const auto* parts = parts_of(at, outside);
  switch (static_cast<matcher_kind>(at.kind)) {
  case matcher_kind::any:
    return;
  case matcher_kind::type:
    to += static_cast<char>(at.detail);
    return;
  case matcher_kind::range:
    to += static_cast<char>(at.detail);
    if (at.detail & has_from)
      encode_field(parts[0], outside, to);
    if (at.detail & has_to)
      encode_field(parts[1], outside, to);
    return;
  case matcher_kind::prefix:
    return encode_field(parts[0], outside, to);
  case matcher_kind::one_of:
    break;
  }
  append_number(to, at.size());
  for (std::size_t i = 0; i < at.size(); ++i)
    encode_field(parts[i], outside, to);
}

/// Reads fields twice: with `measure_field` to check and to measure, with
/// `fill_field` to write what was checked.
class decoder {
public:
  explicit decoder(std::string_view from) : from_{from} {}

  byte_reader& reader() { return from_; }
  const measure& needed() const { return needed_; }

  result<void> measure_field(std::size_t depth) {
    const auto kind = from_.byte();
    if (!kind)
      return failed(kind.error());
    if (*kind >= field_types)
      return from_.wrong(fmt::format("expected a type, got {}", *kind));
    return measure_content(static_cast<field_type>(*kind), depth);
  }

  void fill_field(block_filler& filler, cell& at) {
    const auto type = static_cast<field_type>(*from_.byte());
    switch (type) {
    case field_type::null:
      return;
    case field_type::boolean:
      return filler.put_scalar(at, type, *from_.byte());
    case field_type::i64:
      return filler.put_scalar(
          at, type, static_cast<std::uint64_t>(*from_.signed_number()));
    case field_type::f64:
      return filler.put_scalar(at, type, *from_.eight_bytes());
    case field_type::string:
    case field_type::bytes:
      return filler.put_text(at, type, *from_.bytes(*from_.number()));
    case field_type::f64_array:
      return fill_array(filler, at);
    case field_type::list:
      break;
    }
    const auto count = *from_.number();
    auto* elements =
        filler.put_list(at, static_cast<std::uint8_t>(type), count);
    for (std::uint64_t i = 0; i < count; ++i)
      fill_field(filler, elements[i]);
  }

  result<void> measure_parts(std::uint64_t count) {
    if (auto added = needed_.add_list(count, 0); !added)
      return from_.wrong(added.error().message);
    for (std::uint64_t i = 0; i < count; ++i)
      if (auto measured = measure_field(0); !measured)
        return measured;
    return {};
  }

private:
  result<void> measure_content(field_type type, std::size_t depth) {
    switch (type) {
    case field_type::null:
      needed_.add_scalar(type);
      return {};
    case field_type::boolean:
      return measure_bool();
    case field_type::i64:
      needed_.add_scalar(type);
      return checked(from_.signed_number());
    case field_type::f64:
      needed_.add_scalar(type);
      return checked(from_.eight_bytes());
    case field_type::string:
    case field_type::bytes:
      return measure_text();
    case field_type::f64_array:
      return measure_array();
    case field_type::list:
      break;
    }
    return measure_list(depth);
  }

  result<void> measure_bool() {
    needed_.add_scalar(field_type::boolean);
    return checked(from_.number_up_to(1, "for a bool"));
  }

  result<void> measure_text() {
    const auto size = from_.number_up_to(tuple_bytes_max, "bytes");
    if (!size)
      return failed(size.error());
    if (auto skipped = from_.bytes(*size); !skipped)
      return failed(skipped.error());
    return within_limits(needed_.add_text(*size));
  }

  result<void> measure_array() {
    const auto count = from_.number_up_to(tuple_bytes_max / 8, "doubles");
    if (!count)
      return failed(count.error());
    if (auto skipped = from_.bytes(8 * *count); !skipped)
      return failed(skipped.error());
    return within_limits(needed_.add_array(*count));
  }

  result<void> measure_list(std::size_t depth) {
    // An element takes a byte at least.
    const auto count = from_.number_up_to(from_.left(), "elements");
    if (!count)
      return failed(count.error());
    if (auto added = within_limits(needed_.add_list(*count, depth)); !added)
      return added;
    for (std::uint64_t i = 0; i < *count; ++i)
      if (auto measured = measure_field(depth + 1); !measured)
        return measured;
    return {};
  }

  void fill_array(block_filler& filler, cell& at) {
    const auto count = *from_.number();
    const auto raw = *from_.bytes(8 * count);
    auto* to = filler.put_array(at, count);
    if (!raw.empty())
      std::memcpy(to, raw.data(), raw.size());
  }

  template <class T>
  static result<void> checked(const result<T>& read) {
    if (!read)
      return failed(read.error());
    return {};
  }

  result<void> within_limits(result<void> added) const {
    if (!added)
      return from_.wrong(std::move(added.error().message));
    return {};
  }

  byte_reader from_;
  measure needed_;
};

result<void> measure_range(decoder& from) {
  const auto bounds = from.reader().number_up_to(3, "for a range's bounds");
  if (!bounds)
    return failed(bounds.error());
  if (*bounds == 0)
    return from.reader().wrong("expected a bound, got none");
  return from.measure_parts((*bounds & has_from) + (*bounds >> 1));
}

/// Whether the next matcher is not a field.
bool at_matcher(decoder& from) {
  const auto rest = from.reader().rest();
  return !rest.empty() && static_cast<std::uint8_t>(rest[0]) >= field_types;
}

result<void> measure_matcher(decoder& from) {
  if (!at_matcher(from))
    return from.measure_field(0);
  const auto kind = *from.reader().byte();
  switch (static_cast<matcher_kind>(kind)) {
  case matcher_kind::any:
    return {};
  case matcher_kind::type: {
    const auto type = from.reader().number_up_to(field_types - 1, "for a type");
    return type ? result<void>{} : failed(type.error());
  }
  case matcher_kind::range:
    return measure_range(from);
  case matcher_kind::prefix:
    return from.measure_parts(1);
  case matcher_kind::one_of: {
    const auto count = from.reader().number_up_to(one_of_max, "alternatives");
    return count ? from.measure_parts(*count) : failed(count.error());
  }
  }
  return from.reader().wrong(fmt::format("expected a matcher, got {}", kind));
}

/// Whether the next matcher has no values of its own, unless it is one.
bool at_flat_matcher(decoder& from) {
  if (!at_matcher(from))
    return true;
  const auto kind = static_cast<matcher_kind>(
      static_cast<std::uint8_t>(from.reader().rest()[0]));
  return kind == matcher_kind::any || kind == matcher_kind::type;
}

value read_value(decoder& from) {
  // Into a block of its own, since a matcher is made from values.
  decoder ahead{from.reader().rest()};
  const auto before = ahead.reader().left();
  static_cast<void>(ahead.measure_field(0));
  const auto used = before - ahead.reader().left();
  block_ref memory{block::allocate(1, ahead.needed().outside_bytes)};
  block_filler filler{*memory.operator->()};
  decoder again{*from.reader().bytes(used)};
  again.fill_field(filler, memory->cells()[0]);
  return field{memory->cells()[0], memory->outside()}.to_value();
}

/// A matcher that was measured.
matcher read_matcher(decoder& from) {
  if (!at_matcher(from))
    return match::exact{read_value(from)};
  switch (static_cast<matcher_kind>(*from.reader().byte())) {
  case matcher_kind::any:
    break;
  case matcher_kind::type:
    return match::type{static_cast<field_type>(*from.reader().byte())};
  case matcher_kind::range: {
    const auto bounds = *from.reader().byte();
    match::range made;
    if (bounds & has_from)
      made.from = read_value(from);
    if (bounds & has_to)
      made.to = read_value(from);
    return made;
  }
  case matcher_kind::prefix:
    return match::prefix{read_value(from)};
  case matcher_kind::one_of: {
    match::one_of made;
    for (auto left = *from.reader().number(); left > 0; --left)
      made.values.push_back(read_value(from));
    return made;
  }
  }
  return match::any{};
}

/// A pattern of flat matchers, of which there are some and which were measured,
/// straight into its block.
pattern read_flat(decoder& from, std::size_t count, bool open,
                  const measure& needed) {
  block_ref memory{
      block::allocate(static_cast<std::uint16_t>(count), needed.outside_bytes)};
  memory->content_bytes = static_cast<std::uint32_t>(needed.content_bytes);
  block_filler filler{*memory.operator->()};
  for (std::size_t i = 0; i < count; ++i) {
    auto& at = memory->cells()[i];
    if (!at_matcher(from)) {
      from.fill_field(filler, at);
      continue;
    }
    at.kind = *from.reader().byte();
    if (at.is(matcher_kind::type))
      at.detail = *from.reader().byte();
  }
  return pattern::adopt(std::move(memory), open);
}

template <class T>
result<T> whole(std::string_view bytes,
                result<T> (*decode)(std::string_view&)) {
  const auto size = bytes.size();
  auto read = decode(bytes);
  if (read && !bytes.empty())
    return fail(errc::invalid_argument,
                fmt::format("byte {}: expected the end, got more",
                            size - bytes.size()));
  return read;
}

} // namespace

void encode(const tuple& what, std::string& to) {
  const auto& memory = what.memory();
  append_number(to, memory.arity());
  for (std::size_t i = 0; i < memory.arity(); ++i)
    encode_field(memory.cells()[i], memory.outside(), to);
}

void encode(const pattern& what, std::string& to) {
  const auto& memory = what.memory();
  append_number(to, 2 * std::uint64_t{memory.arity()} + (what.open() ? 1 : 0));
  for (std::size_t i = 0; i < memory.arity(); ++i)
    encode_matcher(memory.cells()[i], memory.outside(), to);
}

std::string to_binary(const tuple& what) {
  std::string bytes;
  encode(what, bytes);
  return bytes;
}

std::string to_binary(const pattern& what) {
  std::string bytes;
  encode(what, bytes);
  return bytes;
}

result<tuple> decode_tuple(std::string_view& from) {
  decoder first{from};
  const auto count = first.reader().number_up_to(fields_max, "fields");
  if (!count)
    return failed(count.error());
  if (*count == 0)
    return first.reader().wrong("a tuple has a field; got none");
  for (std::uint64_t i = 0; i < *count; ++i)
    if (auto measured = first.measure_field(0); !measured)
      return pass_on(measured);
  if (auto within = first.needed().check(); !within)
    return first.reader().wrong(within.error().message);
  block_ref memory{block::allocate(static_cast<std::uint16_t>(*count),
                                   first.needed().outside_bytes)};
  memory->content_bytes =
      static_cast<std::uint32_t>(first.needed().content_bytes);
  block_filler filler{*memory.operator->()};
  decoder second{from};
  static_cast<void>(second.reader().number());
  for (std::uint64_t i = 0; i < *count; ++i)
    second.fill_field(filler, memory->cells()[i]);
  from = second.reader().rest();
  return tuple::adopt(std::move(memory));
}

result<pattern> decode_pattern(std::string_view& from) {
  decoder first{from};
  const auto head = first.reader().number_up_to(2 * fields_max + 1, "matchers");
  if (!head)
    return failed(head.error());
  const auto count = *head / 2;
  const bool open = *head % 2 != 0;
  bool flat = count > 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    flat = flat && at_flat_matcher(first);
    if (auto measured = measure_matcher(first); !measured)
      return pass_on(measured);
  }
  decoder second{from};
  static_cast<void>(second.reader().number());
  if (flat) {
    if (auto within = first.needed().check(); !within)
      return first.reader().wrong(within.error().message);
    auto made = read_flat(second, count, open, first.needed());
    from = second.reader().rest();
    return made;
  }
  std::vector<matcher> matchers;
  matchers.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i)
    matchers.push_back(read_matcher(second));
  auto made = pattern::make(matchers, open);
  if (made)
    from = second.reader().rest();
  return made;
}

result<tuple> tuple_from_binary(std::string_view bytes) {
  return whole<tuple>(bytes, decode_tuple);
}

result<pattern> pattern_from_binary(std::string_view bytes) {
  return whole<pattern>(bytes, decode_pattern);
}

} // namespace weft::spaces

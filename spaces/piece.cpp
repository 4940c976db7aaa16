#include "spaces/piece.hpp"

#include <fmt/format.h>

#include <cstring>
#include <new>

namespace weft::spaces {

namespace {

struct piece_of {
  piece operator()(std::monostate) const { return {}; }
  piece operator()(bool of) const { return of; }
  piece operator()(std::int64_t of) const { return of; }
  piece operator()(double of) const { return of; }
  piece operator()(const std::string& of) const { return of; }
  piece operator()(const byte_string& of) const {
    piece made{std::string_view{of.data}};
    made.type = field_type::bytes;
    return made;
  }
  piece operator()(const f64_array& of) const { return of; }
  piece operator()(const value_list& of) const {
    piece made;
    made.type = field_type::list;
    made.elements = of;
    return made;
  }
};

} // namespace

piece::piece(const value& of) : piece{std::visit(piece_of{}, of.is)} {}

result<void> measure::check() const {
  if (content_bytes > tuple_bytes_max)
    return fail(errc::invalid_argument,
                fmt::format("a tuple has at most {} bytes of content; got more",
                            tuple_bytes_max));
  return {};
}

result<void> measure::add_text(std::size_t bytes) {
  content_bytes += bytes;
  if (bytes > cell::inside_bytes_max)
    outside_bytes += aligned(bytes);
  return check();
}

result<void> measure::add_array(std::size_t count) {
  content_bytes += 8 * count;
  outside_bytes += 8 * count;
  return check();
}

result<void> measure::add_list(std::size_t count, std::size_t depth) {
  if (depth >= list_depth_max)
    return fail(errc::invalid_argument,
                fmt::format("lists are nested at most {} deep; got more",
                            list_depth_max));
  content_bytes += sizeof(cell) * count;
  outside_bytes += sizeof(cell) * count;
  return check();
}

result<void> measure::add(const piece& what, std::size_t depth) {
  switch (what.type) {
  case field_type::string:
  case field_type::bytes:
    return add_text(what.text.size());
  case field_type::f64_array:
    return add_array(what.doubles.size());
  case field_type::list:
    break;
  default:
    add_scalar(what.type);
    return check();
  }
  if (auto added = add_list(what.elements.size(), depth); !added)
    return added;
  for (const auto& element : what.elements)
    if (auto added = add(element, depth + 1); !added)
      return added;
  return {};
}

std::uint32_t block_filler::reserve(std::size_t bytes) {
  const auto offset = static_cast<std::uint32_t>(used_);
  used_ += aligned(bytes);
  return offset;
}

void block_filler::put_scalar(cell& at, field_type type, std::uint64_t bits) {
  at.kind = static_cast<std::uint8_t>(type);
  at.set_scalar(bits);
}

void block_filler::put_text(cell& at, field_type type, std::string_view text) {
  at.kind = static_cast<std::uint8_t>(type);
  if (text.size() <= cell::inside_bytes_max) {
    at.detail = static_cast<std::uint8_t>(text.size());
    if (!text.empty())
      std::memcpy(at.text, text.data(), text.size());
    return;
  }
  const auto offset = reserve(text.size());
  at.set_outside(static_cast<std::uint32_t>(text.size()), offset);
  std::memcpy(into_->outside() + offset, text.data(), text.size());
}

char* block_filler::put_array(cell& at, std::size_t count) {
  at.kind = static_cast<std::uint8_t>(field_type::f64_array);
  const auto offset = reserve(8 * count);
  at.set_outside(static_cast<std::uint32_t>(count), offset);
  return into_->outside() + offset;
}

cell* block_filler::put_list(cell& at, std::uint8_t kind, std::size_t count) {
  at.kind = kind;
  const auto offset = reserve(sizeof(cell) * count);
  at.set_outside(static_cast<std::uint32_t>(count), offset);
  auto* first = into_->outside() + offset;
  for (std::size_t i = 0; i < count; ++i)
    new (first + i * sizeof(cell)) cell{};
  return reinterpret_cast<cell*>(first);
}

void block_filler::put(cell& at, const piece& what) {
  switch (what.type) {
  case field_type::string:
  case field_type::bytes:
    return put_text(at, what.type, what.text);
  case field_type::f64_array: {
    auto* to = put_array(at, what.doubles.size());
    if (!what.doubles.empty())
      std::memcpy(to, what.doubles.data(), what.doubles.size_bytes());
    return;
  }
  case field_type::list:
    break;
  default:
    return put_scalar(at, what.type, what.scalar);
  }
  auto* elements =
      put_list(at, static_cast<std::uint8_t>(what.type), what.elements.size());
  for (std::size_t i = 0; i < what.elements.size(); ++i)
    put(elements[i], what.elements[i]);
}

} // namespace weft::spaces

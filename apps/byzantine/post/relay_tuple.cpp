#include "apps/byzantine/post/relay_tuple.hpp"

#include "runtime/base/assert.hpp"

#include <array>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace weft::byzantine {

namespace {

constexpr std::string_view label = "relay";

using spaces::field_type;

constexpr std::array<field_type, relay_fields> field_types{
    field_type::string, field_type::i64, field_type::i64,    field_type::list,
    field_type::i64,    field_type::i64, field_type::string, field_type::bytes};

constexpr std::size_t signature_bytes = std::tuple_size_v<signature>;

std::int64_t number(std::uint64_t of) {
  return static_cast<std::int64_t>(of);
}

spaces::value list_of(const std::vector<general_id>& path) {
  spaces::value_list list;
  list.reserve(path.size());
  for (auto who : path)
    list.emplace_back(number(who));
  return list;
}

spaces::value joined(const std::vector<signature>& signatures) {
  spaces::byte_string bytes;
  bytes.data.reserve(signatures.size() * signature_bytes);
  for (const auto& one : signatures)
    bytes.data.append(one.begin(), one.end());
  return bytes;
}

bool has_form(const spaces::tuple& mail) {
  if (mail.size() != relay_fields)
    return false;
  for (std::size_t i = 0; i < relay_fields; ++i)
    if (mail[i].type() != field_types[i])
      return false;
  return mail[0].as_text() == label
         && mail[7].as_text().size() % signature_bytes == 0;
}

/// A small number; false for what is none.
bool read(const spaces::field& from, std::uint32_t& into) {
  if (from.type() != field_type::i64 || from.as_i64() < 0
      || from.as_i64() > std::numeric_limits<std::uint32_t>::max())
    return false;
  into = static_cast<std::uint32_t>(from.as_i64());
  return true;
}

bool read(const spaces::field& from, std::vector<general_id>& path) {
  path.resize(from.size());
  for (std::size_t i = 0; i < path.size(); ++i)
    if (!read(from.element(i), path[i]))
      return false;
  return true;
}

bool read(const spaces::field& from, order& into) {
  for (auto what : {order::retreat, order::attack})
    if (from.as_text() == to_string(what)) {
      into = what;
      return true;
    }
  return false;
}

std::vector<signature> split_signatures(std::string_view bytes) {
  std::vector<signature> all(bytes.size() / signature_bytes);
  for (std::size_t i = 0; i < all.size(); ++i)
    std::memcpy(all[i].data(), bytes.data() + i * signature_bytes,
                signature_bytes);
  return all;
}

} // namespace

spaces::tuple to_tuple(const relay& what, general_id sender) {
  const std::array<spaces::value, relay_fields> fields{
      std::string{label},
      number(what.instance),
      number(what.round),
      list_of(what.path),
      number(sender),
      number(what.to),
      std::string{to_string(what.value)},
      joined(what.signatures)};
  auto made = spaces::tuple::make(std::span<const spaces::value>{fields});
  WEFT_ASSERT(made.has_value());
  return *std::move(made);
}

result<relay> from_tuple(const spaces::tuple& mail) {
  relay what;
  if (!has_form(mail) || !read(mail[2], what.round) || !read(mail[3], what.path)
      || !read(mail[4], what.from) || !read(mail[5], what.to)
      || !read(mail[6], what.value))
    return fail(errc::invalid_argument,
                "a tuple is no relay: expected (\"relay\", instance, round, "
                "path, from, to, \"attack\" or \"retreat\", signatures)");
  what.instance = static_cast<std::uint64_t>(mail[1].as_i64());
  what.signatures = split_signatures(mail[7].as_text());
  return what;
}

spaces::pattern mail_for(std::uint64_t instance, general_id to) {
  using spaces::match::any;
  return spaces::pattern_of(label, number(instance), any{}, any{}, any{},
                            number(to), any{}, any{});
}

spaces::pattern mail_of(std::uint64_t instance) {
  using spaces::match::any;
  return spaces::pattern_of(label, number(instance), any{}, any{}, any{}, any{},
                            any{}, any{});
}

} // namespace weft::byzantine

#include "spaces/tuple.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace weft::spaces {

result<tuple> tuple::make(std::span<const piece> fields) {
  if (fields.empty() || fields.size() > fields_max)
    return fail(errc::invalid_argument,
                fmt::format("a tuple has 1 to {} fields; got {}", fields_max,
                            fields.size()));
  measure needed;
  for (const auto& each : fields)
    if (!needed.add_inside(each))
      if (auto added = needed.add(each); !added)
        return pass_on(added);
  if (auto fits = needed.check(); !fits)
    return pass_on(fits);
  block_ref memory{block::allocate(static_cast<std::uint16_t>(fields.size()),
                                   needed.outside_bytes)};
  memory->content_bytes = static_cast<std::uint32_t>(needed.content_bytes);
  block_filler filler{*memory.operator->()};
  for (std::size_t i = 0; i < fields.size(); ++i)
    filler.put(memory->cells()[i], fields[i]);
  return adopt(std::move(memory));
}

result<tuple> tuple::make(std::span<const value> fields) {
  const std::vector<piece> pieces(fields.begin(), fields.end());
  return make(std::span<const piece>{pieces});
}

tuple tuple::adopt(block_ref filled) {
  tuple made;
  filled->signature = signature_of({filled->cells(), filled->arity()});
  made.block_ = std::move(filled);
  return made;
}

bool operator==(const tuple& a, const tuple& b) {
  if (a.block_.get() == b.block_.get())
    return true;
  if (!a.block_ || !b.block_ || a.size() != b.size())
    return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(a[i] == b[i]))
      return false;
  return true;
}

/// Of up to 9 fields, from the top: a 1, the arity in 4 bits, the types in 3
/// bits each. Of more: a 0, a hash, a 1.
std::uint32_t signature_of(std::span<const cell> fields) {
  constexpr std::size_t exact_fields = 9;
  if (fields.size() <= exact_fields) {
    auto types = 1U << 31 | static_cast<std::uint32_t>(fields.size()) << 27;
    for (std::size_t i = 0; i < fields.size(); ++i)
      types |= std::uint32_t{fields[i].kind} << (3 * i);
    return types;
  }
  std::uint64_t state = fields.size();
  for (const auto& each : fields)
    state = (state ^ each.kind) * 0x9E3779B97F4A7C15 + (state >> 29);
  return static_cast<std::uint32_t>(state >> 33) | 1U;
}

} // namespace weft::spaces

#include "apps/byzantine/core/relay.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>

namespace weft::byzantine {

namespace {

template <class Number>
void append(std::vector<std::uint8_t>& bytes, Number value) {
  for (std::size_t byte = 0; byte < sizeof(value); ++byte)
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * byte)));
}

} // namespace

std::string_view to_string(order what) {
  return what == order::attack ? "attack" : "retreat";
}

bool holds(std::span<const general_id> path, general_id who) {
  return std::find(path.begin(), path.end(), who) != path.end();
}

std::vector<std::uint8_t> signed_bytes(std::uint64_t instance,
                                       std::span<const general_id> path,
                                       order value) {
  constexpr std::string_view purpose = "weft byzantine 1";
  std::vector<std::uint8_t> bytes{purpose.begin(), purpose.end()};
  append(bytes, instance);
  append(bytes, static_cast<std::uint32_t>(path.size()));
  for (auto who : path)
    append(bytes, who);
  bytes.push_back(static_cast<std::uint8_t>(value));
  return bytes;
}

void sign_last(relay& what, const key_ring& keys) {
  WEFT_ASSERT(!what.path.empty());
  what.signatures.resize(what.path.size());
  what.signatures.back() =
      keys.sign(signed_bytes(what.instance, what.path, what.value));
}

} // namespace weft::byzantine

#pragma once

#include "apps/byzantine/core/council.hpp"

#include <cstdint>

namespace weft::byzantine {

/// Fresh Ed25519 keys for each of so many generals, by libsodium. The same
/// seed gives the same keys, so that runs can be repeated: they prove a
/// protocol and guard no secret.
key_rings make_ed25519_keys(std::uint32_t generals, std::uint64_t seed);

} // namespace weft::byzantine

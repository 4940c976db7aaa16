#pragma once

#include <cstdint>

namespace weft::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

/// How many rounds of something random to run: a tenth where a sanitizer makes
/// each of them ten times as slow.
constexpr std::uint64_t fewer_if_sanitized(std::uint64_t rounds) {
  return is_sanitized ? rounds / 10 : rounds;
}

} // namespace weft::test

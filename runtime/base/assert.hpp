#pragma once

namespace weft::detail {

/// Prints the broken invariant and aborts.
[[noreturn]] void assertion_failed(const char* condition, const char* file,
                                   int line, const char* function) noexcept;

} // namespace weft::detail

/// Checks an invariant of the program, in every build type. For the
/// programmer's errors only: what a user, a peer or the system can cause is a
/// `weft::failure`.
#define WEFT_ASSERT(condition)                                                 \
  ((condition) ? static_cast<void>(0)                                          \
               : ::weft::detail::assertion_failed(#condition, __FILE__,        \
                                                  __LINE__, __func__))

#pragma once

#include "apps/heat/core/sweep_job.hpp"

#include <span>
#include <string_view>

namespace weft::heat {

/// The ways to sweep with one set of instructions.
struct sweep_kernel {
  std::string_view name;
  /// For arrays that stay in a cache.
  sweep_function in_cache = nullptr;
  /// For arrays beyond every cache: writes past the caches, so that the old
  /// contents of `to` are not read first. Memory then carries 16 bytes a cell
  /// in place of 24. Other threads see the result as they see that of
  /// `in_cache`.
  sweep_function past_cache = nullptr;
};

/// The kernels that this processor can run, the fastest last: "portable" on
/// all, "avx2" and "avx512" where there are.
std::span<const sweep_kernel> available_kernels();

/// The fastest kernel of this processor.
inline const sweep_kernel& best_kernel() {
  return available_kernels().back();
}

} // namespace weft::heat

#include "apps/heat/core/sweep.hpp"

#include "apps/heat/core/sweep_variants.hpp"

#include <vector>

namespace weft::heat {

namespace {

std::vector<sweep_kernel> find_kernels() {
  std::vector<sweep_kernel> found{{.name = "portable",
                                   .in_cache = sweep_portable,
                                   .past_cache = sweep_portable}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    found.push_back({.name = "avx2",
                     .in_cache = sweep_avx2,
                     .past_cache = sweep_avx2_past_cache});
  if (__builtin_cpu_supports("avx512f"))
    found.push_back({.name = "avx512",
                     .in_cache = sweep_avx512,
                     .past_cache = sweep_avx512_past_cache});
#endif
  return found;
}

} // namespace

std::span<const sweep_kernel> available_kernels() {
  static const auto kernels = find_kernels();
  return kernels;
}

} // namespace weft::heat

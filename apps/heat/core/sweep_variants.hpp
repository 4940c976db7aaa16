#pragma once

#include "apps/heat/core/sweep_job.hpp"

// The kernels of each set of instructions, for `available_kernels` to choose
// from: to call one that the processor has not is fatal.

namespace weft::heat {

double sweep_portable(const sweep_job& job);

#if defined(__x86_64__)
double sweep_avx2(const sweep_job& job);
double sweep_avx2_past_cache(const sweep_job& job);
double sweep_avx512(const sweep_job& job);
double sweep_avx512_past_cache(const sweep_job& job);
#endif

} // namespace weft::heat

#if defined(__x86_64__)

#include "apps/heat/core/sweep_lanes.hpp"
#include "apps/heat/core/sweep_variants.hpp"

#include <immintrin.h>

namespace weft::heat {

namespace {

/// Four cells at once.
struct four_lanes {
  using value = __m256d;
  static constexpr index width = 4;

  static value zero() { return _mm256_setzero_pd(); }
  static value load(const double* from) { return _mm256_loadu_pd(from); }
  static void store(double* to, value what) { _mm256_storeu_pd(to, what); }
  static void stream(double* to, value what) { _mm256_stream_pd(to, what); }
  static index misalignment(const double* at) {
    return static_cast<index>(reinterpret_cast<unsigned long>(at) / 8 % 4);
  }
  static void done_streaming() { _mm_sfence(); }
  static value quarter_of_sum(value up, value down, value left, value right) {
    auto sum =
        _mm256_add_pd(_mm256_add_pd(_mm256_add_pd(up, down), left), right);
    return _mm256_mul_pd(sum, _mm256_set1_pd(0.25));
  }
  static value larger(value a, value b) { return _mm256_max_pd(a, b); }
  static value change(value fresh, value old) {
    return _mm256_andnot_pd(_mm256_set1_pd(-0.0), _mm256_sub_pd(fresh, old));
  }
  static double largest(value v) {
    auto two =
        _mm_max_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
    return _mm_cvtsd_f64(_mm_max_sd(two, _mm_unpackhi_pd(two, two)));
  }
};

} // namespace

double sweep_avx2(const sweep_job& job) {
  return sweep<four_lanes, false>(job);
}

double sweep_avx2_past_cache(const sweep_job& job) {
  return sweep<four_lanes, true>(job);
}

} // namespace weft::heat

#endif

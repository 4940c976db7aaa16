#if defined(__x86_64__)

#include "apps/heat/core/sweep_lanes.hpp"
#include "apps/heat/core/sweep_variants.hpp"

#include <immintrin.h>

namespace weft::heat {

namespace {

/// Eight cells at once.
struct eight_lanes {
  using value = __m512d;
  static constexpr index width = 8;

  static value zero() { return _mm512_setzero_pd(); }
  static value load(const double* from) { return _mm512_loadu_pd(from); }
  static void store(double* to, value what) { _mm512_storeu_pd(to, what); }
  static void stream(double* to, value what) { _mm512_stream_pd(to, what); }
  static index misalignment(const double* at) {
    return static_cast<index>(reinterpret_cast<unsigned long>(at) / 8 % 8);
  }
  static void done_streaming() { _mm_sfence(); }
  static value quarter_of_sum(value up, value down, value left, value right) {
    auto sum =
        _mm512_add_pd(_mm512_add_pd(_mm512_add_pd(up, down), left), right);
    return _mm512_mul_pd(sum, _mm512_set1_pd(0.25));
  }
  static value larger(value a, value b) { return _mm512_max_pd(a, b); }
  static value change(value fresh, value old) {
    return _mm512_abs_pd(_mm512_sub_pd(fresh, old));
  }
  static double largest(value v) {
    double worst = v[0];
    for (int lane = 1; lane < 8; ++lane)
      worst = v[lane] > worst ? v[lane] : worst;
    return worst;
  }
};

} // namespace

double sweep_avx512(const sweep_job& job) {
  return sweep<eight_lanes, false>(job);
}

double sweep_avx512_past_cache(const sweep_job& job) {
  return sweep<eight_lanes, true>(job);
}

} // namespace weft::heat

#endif

#include "apps/heat/core/sweep_lanes.hpp"
#include "apps/heat/core/sweep_variants.hpp"

namespace weft::heat {

namespace {

/// Two cells at once, by the compiler's own vectors: every processor of 64
/// bits has instructions for them.
struct two_lanes {
  using value [[gnu::vector_size(16), gnu::aligned(8)]] = double;
  static constexpr index width = 2;

  static value zero() { return value{}; }
  static value load(const double* from) {
    return *reinterpret_cast<const value*>(from);
  }
  static void store(double* to, value what) {
    *reinterpret_cast<value*>(to) = what;
  }
  /// Alignment does not matter at this width.
  static index misalignment(const double*) { return 0; }
  static value quarter_of_sum(value up, value down, value left, value right) {
    return (((up + down) + left) + right) * 0.25;
  }
  static value larger(value a, value b) { return a > b ? a : b; }
  static value change(value fresh, value old) {
    return fresh > old ? fresh - old : old - fresh;
  }
  static double largest(value v) { return v[0] > v[1] ? v[0] : v[1]; }
};

} // namespace

double sweep_portable(const sweep_job& job) {
  return sweep<two_lanes, false>(job);
}

} // namespace weft::heat

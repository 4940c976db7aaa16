#include "apps/heat/core/sweep.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace weft::heat::test {

namespace {

constexpr index stride = 88;
constexpr index rows_max = 11;

/// Values of every magnitude, down to those below the normal range.
std::vector<double> any_cells(unsigned seed) {
  std::mt19937 random{seed};
  std::uniform_real_distribution<double> mantissa{-1, 1};
  std::uniform_int_distribution<int> exponent{seed % 2 ? -1074 : -8, 8};
  std::vector<double> cells((rows_max + 2) * stride);
  for (auto& cell : cells)
    cell = std::ldexp(mantissa(random), exponent(random));
  return cells;
}

/// The definition, one cell after the other.
double plain(const sweep_job& job) {
  double worst = 0;
  for (index row = 0; row < job.rows; ++row)
    for (index column = 0; column < job.columns; ++column) {
      const auto* here = job.from[row + 1] + column;
      auto value =
          (((job.from[row][column] + job.from[row + 2][column]) + here[-1])
           + here[1])
          / 4;
      job.to[row][column] = value;
      worst = std::max(worst, std::abs(value - *here));
    }
  return worst;
}

} // namespace

TEST_CASE("every kernel gives the plain loop's bits for every shape") {
  for (const auto& kernel : available_kernels())
    for (auto function : {kernel.in_cache, kernel.past_cache})
      for (unsigned seed = 0; seed < 2; ++seed) {
        const auto cells = any_cells(seed);
        for (index rows = 0; rows <= rows_max; ++rows)
          for (index columns = 0; columns <= 41; ++columns)
            for (index first : {1, 7, 8}) {
              auto expected = cells;
              auto got = cells;
              std::vector<const double*> from;
              for (index row = 0; row < rows + 2; ++row)
                from.push_back(cells.data() + row * stride + first);
              auto run = [&](sweep_function what, std::vector<double>& into) {
                std::vector<double*> to;
                for (index row = 0; row < rows; ++row)
                  to.push_back(into.data() + (row + 1) * stride + first);
                return what({from.data(), to.data(), rows, columns});
              };
              auto expected_change = run(plain, expected);
              auto change = run(function, got);
              bool same =
                  std::bit_cast<std::uint64_t>(change)
                      == std::bit_cast<std::uint64_t>(expected_change)
                  && std::equal(got.begin(), got.end(), expected.begin());
              CHECK_MESSAGE(same, kernel.name, " ", rows, "x", columns, " at ",
                            first, ", seed ", seed);
            }
      }
}

TEST_CASE("there is a kernel for every processor") {
  CHECK(available_kernels().front().name == "portable");
  CHECK(best_kernel().name == available_kernels().back().name);
}

} // namespace weft::heat::test

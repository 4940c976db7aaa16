#pragma once

#include "apps/heat/core/sweep_job.hpp"

namespace weft::heat {

// The kernel for lanes of any width. `Lanes` has
//
//   value             as many neighbouring cells as the processor holds at once
//   width             how many
//   zero()
//   load(p), store(p, v), stream(p, v)
//                     p of any alignment; for `stream` a multiple of the width
//   misalignment(p)   cells since the last multiple of the width
//   quarter_of_sum(up, down, left, right)
//   larger(a, b)      lane by lane; of equal ones either
//   change(new, old)  |new - old|
//   largest(v)        over the lanes
//   done_streaming()
//
// Each source that includes this is compiled for its own instructions. So
// everything here is local to it, and includes nothing with functions that the
// linker could share with sources for every processor.
namespace {

double sweep_scalar(const sweep_job& job) {
  double worst = 0;
  for (index row = 0; row < job.rows; ++row) {
    const double* up = job.from[row];
    const double* here = job.from[row + 1];
    const double* down = job.from[row + 2];
    for (index column = 0; column < job.columns; ++column) {
      double value =
          (((up[column] + down[column]) + here[column - 1]) + here[column + 1])
          * 0.25;
      double old = here[column];
      double change = value > old ? value - old : old - value;
      worst = change > worst ? change : worst;
      job.to[row][column] = value;
    }
  }
  return worst;
}

/// `Rows` rows at one group of columns. Rows of a group share the loads of
/// what is up for one and down for another, hence several at once.
template <class Lanes, int Rows, bool Stream>
[[gnu::always_inline]] inline void
sweep_column(const double* const* from, double* const* to, index column,
             typename Lanes::value (&worst)[2]) {
  typename Lanes::value middle[Rows + 2];
#pragma GCC unroll 8
  for (int row = 0; row < Rows + 2; ++row)
    middle[row] = Lanes::load(from[row] + column);
#pragma GCC unroll 8
  for (int row = 0; row < Rows; ++row) {
    const double* here = from[row + 1] + column;
    auto value =
        Lanes::quarter_of_sum(middle[row], middle[row + 2],
                              Lanes::load(here - 1), Lanes::load(here + 1));
    if constexpr (Stream)
      Lanes::stream(to[row] + column, value);
    else
      Lanes::store(to[row] + column, value);
    // Two maxima, so that rows do not wait for each other.
    worst[row % 2] =
        Lanes::larger(Lanes::change(value, middle[row + 1]), worst[row % 2]);
  }
}

/// `Rows` rows of at least one group of columns: the first group, those that
/// begin aligned, and the last. They may overlap: cells that are computed
/// twice come out the same.
template <class Lanes, int Rows, bool Stream>
[[gnu::always_inline]] inline void
sweep_rows(const sweep_job& job, index row, typename Lanes::value (&worst)[2]) {
  // Copies, which the compiler can keep in registers.
  const double* from[Rows + 2];
  double* to[Rows];
#pragma GCC unroll 8
  for (int next = 0; next < Rows + 2; ++next)
    from[next] = job.from[row + next];
#pragma GCC unroll 8
  for (int next = 0; next < Rows; ++next)
    to[next] = job.to[row + next];
  index column = 0;
  if (auto beyond = Lanes::misalignment(to[0]); beyond != 0) {
    sweep_column<Lanes, Rows, false>(from, to, 0, worst);
    column = Lanes::width - beyond;
  }
  for (; column + Lanes::width <= job.columns; column += Lanes::width)
    sweep_column<Lanes, Rows, Stream>(from, to, column, worst);
  if (column < job.columns)
    sweep_column<Lanes, Rows, false>(from, to, job.columns - Lanes::width,
                                     worst);
}

template <class Lanes, bool Stream>
double sweep(const sweep_job& job) {
  if (job.columns < Lanes::width)
    return sweep_scalar(job);
  typename Lanes::value worst[2] = {Lanes::zero(), Lanes::zero()};
  index row = 0;
  for (; row + 4 <= job.rows; row += 4)
    sweep_rows<Lanes, 4, Stream>(job, row, worst);
  for (; row < job.rows; ++row)
    sweep_rows<Lanes, 1, Stream>(job, row, worst);
  if constexpr (Stream)
    Lanes::done_streaming();
  return Lanes::largest(Lanes::larger(worst[0], worst[1]));
}

} // namespace

} // namespace weft::heat

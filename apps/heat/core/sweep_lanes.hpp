#pragma once

#include "apps/heat/core/sweep_job.hpp"

namespace weft::heat {

// The kernel for lanes of any width. `Lanes` has
//
//   value           as many neighbouring cells as the processor holds at once
//   width           how many
//   zero()
//   load(p), store(p, v), stream(p, v)
//                   p of any alignment; for `stream` a multiple of the width
//   misalignment(p) cells since the last multiple of the width
//   quarter_of_sum(up, down, left, right)
//   larger(a, b)    lane by lane; of equal ones either
//   change(new, old)  |new - old|
//   largest(v)      over the lanes
//   done_streaming()
//
// Each source that includes this is compiled for its own instructions. So
// everything here is local to it, and includes nothing with functions that the
// linker could share with sources for every processor.
namespace {

double sweep_scalar(const sweep_job& job) {
  double worst = 0;
  for (index row = 0; row < job.rows; ++row) {
    const double* from = job.from + row * job.stride;
    double* to = job.to + row * job.stride;
    for (index column = 0; column < job.columns; ++column) {
      const double* here = from + column;
      double value =
          (((here[-job.stride] + here[job.stride]) + here[-1]) + here[1])
          * 0.25;
      double change = value > *here ? value - *here : *here - value;
      worst = change > worst ? change : worst;
      to[column] = value;
    }
  }
  return worst;
}

/// `Rows` rows at one group of columns. Rows of a group share the loads of
/// what is up for one and down for another, hence several at once.
template <class Lanes, int Rows, bool Stream>
[[gnu::always_inline]] inline void
sweep_column(const double* from, double* to, index stride,
             typename Lanes::value (&worst)[2]) {
  typename Lanes::value middle[Rows + 2];
#pragma GCC unroll 8
  for (int row = 0; row < Rows + 2; ++row)
    middle[row] = Lanes::load(from + (row - 1) * stride);
#pragma GCC unroll 8
  for (int row = 0; row < Rows; ++row) {
    const double* here = from + row * stride;
    auto value =
        Lanes::quarter_of_sum(middle[row], middle[row + 2],
                              Lanes::load(here - 1), Lanes::load(here + 1));
    if constexpr (Stream)
      Lanes::stream(to + row * stride, value);
    else
      Lanes::store(to + row * stride, value);
    // Two maxima, so that rows do not wait for each other.
    worst[row % 2] =
        Lanes::larger(Lanes::change(value, middle[row + 1]), worst[row % 2]);
  }
}

/// `Rows` rows of at least one group of columns. The last group may overlap
/// the one before: cells that are computed twice come out the same.
template <class Lanes, int Rows, bool Stream>
[[gnu::always_inline]] inline void
sweep_rows(const double* from, double* to, const sweep_job& job,
           typename Lanes::value (&worst)[2]) {
  index column = 0;
  if constexpr (Stream) {
    // Up to the first aligned group; the stride aligns all rows alike.
    sweep_column<Lanes, Rows, false>(from, to, job.stride, worst);
    column = Lanes::width - Lanes::misalignment(to);
  }
  for (; column + Lanes::width <= job.columns; column += Lanes::width)
    sweep_column<Lanes, Rows, Stream>(from + column, to + column, job.stride,
                                      worst);
  if (column < job.columns) {
    column = job.columns - Lanes::width;
    sweep_column<Lanes, Rows, false>(from + column, to + column, job.stride,
                                     worst);
  }
}

template <class Lanes, bool Stream>
double sweep(const sweep_job& job) {
  if (job.columns < Lanes::width)
    return sweep_scalar(job);
  typename Lanes::value worst[2] = {Lanes::zero(), Lanes::zero()};
  index row = 0;
  for (; row + 4 <= job.rows; row += 4)
    sweep_rows<Lanes, 4, Stream>(job.from + row * job.stride,
                                 job.to + row * job.stride, job, worst);
  for (; row < job.rows; ++row)
    sweep_rows<Lanes, 1, Stream>(job.from + row * job.stride,
                                 job.to + row * job.stride, job, worst);
  if constexpr (Stream)
    Lanes::done_streaming();
  return Lanes::largest(Lanes::larger(worst[0], worst[1]));
}

} // namespace

} // namespace weft::heat

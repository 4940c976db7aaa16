#pragma once

#include "apps/bench/experiment.hpp"

namespace weft::bench {

/// One run of an experiment with the core of a space, without actors, by
/// `measure_space`: operations a second of processor time. In the smoke test
/// tuples and waiters are few.
run_numbers run_core(const experiment& what, const run_settings& how);

} // namespace weft::bench

#pragma once

namespace weft::bench {

/// The text of tests/bench/peers/heat_mpi.c, which the build turns into a
/// source file.
extern const char* const heat_mpi_c;

} // namespace weft::bench

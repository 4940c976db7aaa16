#pragma once

#include "apps/bench/peer.hpp"

namespace weft::bench {

/// MPI written by hand, tests/bench/peers/heat_mpi.c, keys "mpich" and
/// "openmpi": as many processes as weft has workers. The program is compiled
/// into the temporary folder when the benchmark starts; needs mpicc.mpich and
/// mpiexec.mpich, or those of Open MPI, in PATH.
extern const peer_kind mpich_kind;
extern const peer_kind openmpi_kind;

} // namespace weft::bench

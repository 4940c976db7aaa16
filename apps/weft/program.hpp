#pragma once

namespace weft::apps {

/// The program `weft`: does what its command line says, reports what went wrong
/// to standard error and gives the exit code. Once a process, on its main
/// thread.
int run_program(int argc, char** argv);

} // namespace weft::apps

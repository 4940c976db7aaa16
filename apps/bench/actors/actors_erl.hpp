#pragma once

namespace weft::bench {

/// The text of tests/bench/peers/actors.erl, which the build turns into a
/// source file.
extern const char* const actors_erl;

} // namespace weft::bench

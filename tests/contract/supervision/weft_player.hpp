#pragma once

#include "tests/contract/supervision/crash_script.hpp"

#include <string>
#include <vector>

namespace weft::supervision::contract {

/// What happened, a line an event, in the form that the oracle prints.
using trace = std::vector<std::string>;

/// Runs a script on weft's supervisor actor, on a system with virtual time.
trace play(const crash_script& script);

} // namespace weft::supervision::contract

#pragma once

#include "runtime/module/module.hpp"

namespace weft::heat {

/// Adds heat to a module: the job `heat`, and the actors `heat_region` and
/// `heat_keeper` that it starts on the nodes.
void register_in(module_registration& module);

} // namespace weft::heat

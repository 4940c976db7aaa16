#pragma once

namespace weft {

class module_registration;

} // namespace weft

namespace weft::byzantine {

/// Registers the job "byzantine" and the generals that it starts.
void register_in(module_registration& module);

} // namespace weft::byzantine

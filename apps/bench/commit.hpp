#pragma once

namespace weft::bench {

/// The commit that this program was built from, "+" after it when files were
/// changed since; empty when it was not built in a Git work tree. The build
/// writes the source file.
extern const char* const commit;

} // namespace weft::bench

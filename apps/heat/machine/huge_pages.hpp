#pragma once

#include <memory_resource>

namespace weft::heat {

/// Memory for large arrays, in pages of 2 MiB where the system has them, so
/// that a sweep over it does not spend its time on address translation. An
/// allocation takes whole pages; from 4 MiB on it comes from here, below that
/// from the default resource. Memory goes to the node of the machine whose
/// processor first writes to it. Thread-safe.
std::pmr::memory_resource& huge_pages();

} // namespace weft::heat

#include "runtime/base/large_pages.hpp"

#include <new>
#include <sys/mman.h>

namespace weft {

namespace {

constexpr std::size_t cache_line = 64;
constexpr std::size_t large_page = std::size_t{2} << 20;

std::align_val_t alignment_of(std::size_t bytes) {
  return std::align_val_t{bytes < large_pages_from ? cache_line : large_page};
}

/// Whole pages, so that the last one can be a large one too.
std::size_t rounded(std::size_t bytes) {
  return bytes < large_pages_from
             ? bytes
             : (bytes + large_page - 1) & ~(large_page - 1);
}

} // namespace

void* allocate_on_large_pages(std::size_t bytes) {
  void* memory = ::operator new(rounded(bytes), alignment_of(bytes));
  // A hint: without it everything works, slower.
  if (bytes >= large_pages_from)
    static_cast<void>(::madvise(memory, rounded(bytes), MADV_HUGEPAGE));
  return memory;
}

void free_on_large_pages(void* memory, std::size_t bytes) noexcept {
  ::operator delete(memory, alignment_of(bytes));
}

} // namespace weft

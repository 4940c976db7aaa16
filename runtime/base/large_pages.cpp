#include "runtime/base/large_pages.hpp"

#include <cstdint>
#include <new>
#include <sys/mman.h>

namespace weft {

namespace {

constexpr std::size_t page_bytes = std::size_t{2} << 20;

constexpr std::size_t whole_pages(std::size_t bytes) {
  return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

class large_page_resource final : public std::pmr::memory_resource {
private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (bytes < large_pages_from || alignment > page_bytes)
      return std::pmr::get_default_resource()->allocate(bytes, alignment);
    // One page more than needed, of which what is not aligned goes back.
    auto size = whole_pages(bytes);
    auto* mapped = mmap(nullptr, size + page_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED)
      throw std::bad_alloc{};
    auto begin = reinterpret_cast<std::uintptr_t>(mapped);
    auto before = whole_pages(begin) - begin;
    auto* aligned = static_cast<std::byte*>(mapped) + before;
    if (before > 0)
      munmap(mapped, before);
    if (before < page_bytes)
      munmap(aligned + size, page_bytes - before);
    // Where it is refused, small pages do.
    madvise(aligned, size, MADV_HUGEPAGE);
    return aligned;
  }

  void do_deallocate(void* what, std::size_t bytes,
                     std::size_t alignment) override {
    if (bytes < large_pages_from || alignment > page_bytes)
      std::pmr::get_default_resource()->deallocate(what, bytes, alignment);
    else
      munmap(what, whole_pages(bytes));
  }

  bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }
};

} // namespace

std::pmr::memory_resource& large_pages() {
  static large_page_resource resource;
  return resource;
}

} // namespace weft

#pragma once

#include <cstddef>

namespace weft {

/// Memory of that many bytes, at a cache line; of `large_pages_from` or more
/// it is on large pages where the system has them, so that touching it in no
/// order costs fewer walks through page tables. Never fails but by
/// `std::bad_alloc`.
void* allocate_on_large_pages(std::size_t bytes);
void free_on_large_pages(void* memory, std::size_t bytes) noexcept;

inline constexpr std::size_t large_pages_from = std::size_t{2} << 20;

/// The same for a container.
template <class T>
struct large_page_allocator {
  using value_type = T;

  large_page_allocator() = default;
  template <class U>
  large_page_allocator(const large_page_allocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(allocate_on_large_pages(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    free_on_large_pages(memory, count * sizeof(T));
  }

  friend bool operator==(const large_page_allocator&,
                         const large_page_allocator&) {
    return true;
  }
};

} // namespace weft

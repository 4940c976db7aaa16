#pragma once

#include <cstddef>
#include <memory_resource>

namespace weft {

/// Memory for large arrays, in pages of 2 MiB where the system has them, so
/// that touching it does not spend its time on address translation. From
/// `large_pages_from` on an allocation takes whole pages of its own; below
/// that it comes from the default resource. Memory goes to the node of the
/// machine whose processor first writes to it. Thread-safe.
std::pmr::memory_resource& large_pages();

/// In bytes.
inline constexpr std::size_t large_pages_from = std::size_t{2} << 20;

/// The same for a container, at a cache line.
template <class T>
struct large_page_allocator {
  using value_type = T;

  static constexpr std::size_t alignment = 64;
  static_assert(alignof(T) <= alignment);

  large_page_allocator() = default;
  template <class U>
  large_page_allocator(const large_page_allocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(
        large_pages().allocate(count * sizeof(T), alignment));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    large_pages().deallocate(memory, count * sizeof(T), alignment);
  }

  friend bool operator==(const large_page_allocator&,
                         const large_page_allocator&) {
    return true;
  }
};

} // namespace weft

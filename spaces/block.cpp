#include "spaces/block.hpp"

#include <cstring>
#include <new>

namespace weft::spaces {

block* block::allocate(std::uint16_t arity, std::size_t outside_bytes) {
  const auto inside = sizeof(block) + arity * sizeof(cell);
  void* memory = ::operator new(inside + outside_bytes);
  auto* made = new (memory) block{arity};
  std::memset(static_cast<void*>(made->cells()), 0, arity * sizeof(cell));
  return made;
}

void block::release() noexcept {
  this->~block();
  ::operator delete(static_cast<void*>(this));
}

} // namespace weft::spaces

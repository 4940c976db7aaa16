#pragma once

#include "spaces/cell.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace weft::spaces {

/// The memory of one tuple or pattern, in one piece: this header, one cell a
/// field, then what lies outside of the cells. Does not change once it is
/// built. Counts its owners, from any thread.
class block {
public:
  /// With zeroed cells and room for `outside_bytes`, which are not set; one
  /// owner.
  static block* allocate(std::uint16_t arity, std::size_t outside_bytes);

  std::uint16_t arity() const { return arity_; }
  cell* cells() { return reinterpret_cast<cell*>(this + 1); }
  const cell* cells() const { return reinterpret_cast<const cell*>(this + 1); }
  char* outside() { return reinterpret_cast<char*>(cells() + arity_); }
  const char* outside() const {
    return reinterpret_cast<const char*>(cells() + arity_);
  }

  /// Its content as `tuple_bytes_max` counts it.
  std::uint32_t content_bytes = 0;
  /// Of the fields' types, see `signature_of`; 0 in a pattern.
  std::uint32_t signature = 0;

  void add_owner() noexcept { owners_.fetch_add(1, std::memory_order_relaxed); }
  void remove_owner() noexcept {
    if (owners_.load(std::memory_order_acquire) == 1
        || owners_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      release();
  }

private:
  explicit block(std::uint16_t arity) : arity_{arity} {}
  void release() noexcept;

  std::atomic<std::uint32_t> owners_{1};
  std::uint16_t arity_;
};

static_assert(sizeof(block) == 16);

/// One owner of a block, or of none.
class block_ref {
public:
  block_ref() = default;
  /// Takes over the one owner that `allocate` counts.
  explicit block_ref(block* owned) noexcept : block_{owned} {}
  block_ref(const block_ref& other) noexcept : block_{other.block_} {
    if (block_)
      block_->add_owner();
  }
  block_ref(block_ref&& other) noexcept
      : block_{std::exchange(other.block_, nullptr)} {}
  block_ref& operator=(block_ref other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~block_ref() {
    if (block_)
      block_->remove_owner();
  }

  const block* get() const { return block_; }
  block* operator->() { return block_; }
  const block* operator->() const { return block_; }
  explicit operator bool() const { return block_ != nullptr; }

  /// Gives the ownership to the caller.
  block* detach() noexcept { return std::exchange(block_, nullptr); }

private:
  block* block_ = nullptr;
};

} // namespace weft::spaces

#pragma once

#include <span>
#include <string>

namespace weft::heat {

/// SHA-256 of an array of doubles, as OpenSSL computes it. Cells may come in
/// parts, in their order.
class checksum {
public:
  checksum();
  ~checksum();
  checksum(const checksum&) = delete;
  checksum& operator=(const checksum&) = delete;

  /// Adds cells as little-endian IEEE 754 doubles.
  void add(std::span<const double> cells);

  /// The sum as 64 lower-case hexadecimal digits. Once, and the last call.
  std::string hex();

private:
  void* state_;
};

} // namespace weft::heat

#pragma once

#include "runtime/base/result.hpp"

#include <span>

namespace weft::heat {

/// Takes the rows of an array, from the first to the last.
class row_sink {
public:
  virtual ~row_sink() = default;

  virtual result<void> add(std::span<const double> row) = 0;

  /// After the last row, once. A sink that is destroyed before leaves nothing.
  virtual result<void> finish() = 0;
};

} // namespace weft::heat

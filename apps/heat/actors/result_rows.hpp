#pragma once

#include "apps/heat/core/partition.hpp"
#include "apps/heat/output/row_sink.hpp"
#include "runtime/caf/compat.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace weft::heat {

/// Fetches the array from the regions that have stopped, row by row.
class result_rows {
public:
  /// `regions` are actors by their number; both references outlive this.
  result_rows(caf::blocking_actor* self, const partition& where,
              const boundary& edge, std::uint64_t epoch,
              const std::vector<caf::strong_actor_ptr>& regions);

  /// Hands all rows, ring included, to all sinks and finishes them. What a
  /// region fails with is the value, after which the sinks have seen a part;
  /// what a sink fails with is the error.
  result<std::optional<failure>>
  read(const std::vector<row_sink*>& sinks) const;

private:
  /// A part of a region that fits into a message together with the rows
  /// below it.
  struct piece {
    index region;
    index first_column;
    index columns;
  };

  std::vector<piece> pieces_of(index down) const;
  std::optional<failure> fetch(const std::vector<piece>& pieces, index first,
                               index rows, std::vector<double>& into) const;
  void put_ring(index first, index rows, std::vector<double>& into) const;

  caf::blocking_actor* self_;
  const partition& where_;
  boundary edge_;
  std::uint64_t epoch_;
  const std::vector<caf::strong_actor_ptr>& regions_;
};

} // namespace weft::heat

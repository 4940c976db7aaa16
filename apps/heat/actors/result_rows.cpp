#include "apps/heat/actors/result_rows.hpp"

#include "apps/heat/actors/messages.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <span>

namespace weft::heat {

namespace {

/// A region has nothing else to do then; the loss of its node is told by no
/// answer at all.
constexpr std::chrono::seconds fetch_time_max{10};

constexpr auto piece_cells_max =
    static_cast<index>(band_bytes_max / sizeof(double));

result<void> hand_out(const std::vector<row_sink*>& sinks,
                      std::span<const double> rows, index columns) {
  const auto width = static_cast<std::size_t>(columns);
  for (std::size_t at = 0; at < rows.size(); at += width)
    for (auto* sink : sinks)
      if (auto added = sink->add(rows.subspan(at, width)); !added)
        return added;
  return {};
}

} // namespace

result_rows::result_rows(caf::blocking_actor* self, const partition& where,
                         const boundary& edge, std::uint64_t epoch,
                         const std::vector<caf::strong_actor_ptr>& regions)
    : self_{self}, where_{where}, edge_{edge}, epoch_{epoch}, regions_{
                                                                  regions} {}

std::vector<result_rows::piece> result_rows::pieces_of(index down) const {
  std::vector<piece> pieces;
  for (index across = 0; across < where_.regions_across(); ++across) {
    const auto region = down * where_.regions_across() + across;
    const auto columns = where_.cells_of(region).columns();
    for (index first = 0; first < columns; first += piece_cells_max)
      pieces.push_back(
          {region, first, std::min(piece_cells_max, columns - first)});
  }
  return pieces;
}

void result_rows::put_ring(index first, index rows,
                           std::vector<double>& into) const {
  const auto& shape = where_.shape();
  into.resize(static_cast<std::size_t>(rows * shape.columns));
  for (index row = 0; row < rows; ++row)
    for (index column : {index{0}, shape.columns - 1})
      into[static_cast<std::size_t>(row * shape.columns + column)] =
          initial_value(shape, edge_, first + row, column);
}

std::optional<failure> result_rows::fetch(const std::vector<piece>& pieces,
                                          index first, index rows,
                                          std::vector<double>& into) const {
  using answer =
      decltype(request(self_, region_actor{}, fetch_time_max, read_cells{}));
  std::vector<answer> asked;
  for (const auto& each : pieces) {
    const auto& region = regions_[static_cast<std::size_t>(each.region)];
    if (!region)
      return failure{errc::unavailable,
                     fmt::format("region {} is gone", each.region)};
    asked.push_back(request(
        self_, caf::actor_cast<region_actor>(region), fetch_time_max,
        read_cells{epoch_, first - where_.cells_of(each.region).row_begin, rows,
                   each.first_column, each.columns}));
  }
  std::optional<failure> problem;
  for (std::size_t which = 0; which < pieces.size(); ++which) {
    const auto& each = pieces[which];
    const auto left =
        where_.cells_of(each.region).column_begin + each.first_column;
    asked[which].receive(
        [&](const std::vector<std::uint8_t>& bytes) {
          const auto row_bytes =
              static_cast<std::size_t>(each.columns) * sizeof(double);
          if (bytes.size() != row_bytes * static_cast<std::size_t>(rows)) {
            problem.emplace(
                errc::internal,
                fmt::format("region {} sent {} bytes of {}", each.region,
                            bytes.size(),
                            row_bytes * static_cast<std::size_t>(rows)));
            return;
          }
          for (index row = 0; row < rows; ++row)
            std::memcpy(&into[static_cast<std::size_t>(
                            row * where_.shape().columns + left)],
                        bytes.data()
                            + static_cast<std::size_t>(row) * row_bytes,
                        row_bytes);
        },
        [&](const caf::error& why) { problem = from_caf(why); });
  }
  return problem;
}

result<std::optional<failure>>
result_rows::read(const std::vector<row_sink*>& sinks) const {
  const auto& shape = where_.shape();
  std::vector<double> rows(static_cast<std::size_t>(shape.columns));
  const auto ring = [&](index row) {
    for (index column = 0; column < shape.columns; ++column)
      rows[static_cast<std::size_t>(column)] =
          initial_value(shape, edge_, row, column);
    return hand_out(sinks, rows, shape.columns);
  };
  if (auto taken = ring(0); !taken)
    return pass_on(taken);
  for (index down = 0; down < where_.regions_down(); ++down) {
    const auto pieces = pieces_of(down);
    const auto cells = where_.cells_of(down * where_.regions_across());
    const auto widest = std::ranges::max(pieces, {}, &piece::columns).columns;
    const auto height = std::max<index>(1, piece_cells_max / widest);
    for (auto first = cells.row_begin; first < cells.row_end; first += height) {
      const auto count = std::min(height, cells.row_end - first);
      put_ring(first, count, rows);
      if (auto problem = fetch(pieces, first, count, rows))
        return problem;
      if (auto taken = hand_out(sinks, rows, shape.columns); !taken)
        return pass_on(taken);
    }
  }
  rows.resize(static_cast<std::size_t>(shape.columns));
  if (auto taken = ring(shape.rows - 1); !taken)
    return pass_on(taken);
  for (auto* sink : sinks)
    if (auto done = sink->finish(); !done)
      return pass_on(done);
  return std::optional<failure>{};
}

} // namespace weft::heat

#include "apps/heat/actors/halo_tuples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>

namespace weft::heat {

namespace {

constexpr std::size_t side_field = 6;
constexpr std::size_t cells_field = 7;

/// Room for all fields but the cells.
constexpr std::size_t other_fields_bytes = 1024;

/// A region joins a block when it has a verdict on all but `run_ahead` of
/// those before; names come back after more than that.
constexpr std::uint64_t reductions = 8;

std::int64_t number(std::uint64_t of) {
  return static_cast<std::int64_t>(of);
}

std::int64_t number(direction of) {
  return static_cast<std::int64_t>(of);
}

} // namespace

spaces::tuple halo_tuple(const run_epoch& of,
                         const region_effect::give_halo& what) {
  return spaces::tuple_of(
      halo_head, of.run, number(of.epoch), std::int64_t{of.homes.of(what.to)},
      std::int64_t{what.to}, number(what.block), number(what.side),
      std::span<const double>{what.cells});
}

result<void> check_halos(const partition& where) {
  // Of the first region, which is as large as any.
  const auto cells = where.cells_of(0);
  const auto bytes =
      static_cast<std::size_t>(where.halo_depth()
                               * std::max(cells.rows(), cells.columns()))
      * sizeof(double);
  constexpr auto bytes_max = spaces::tuple_bytes_max - other_fields_bytes;
  if (bytes <= bytes_max)
    return {};
  return fail(errc::invalid_argument,
              fmt::format("halo depth {}: halos of {} bytes exceed {}, what a "
                          "tuple holds; expected a smaller depth or more "
                          "regions",
                          where.halo_depth(), bytes, bytes_max));
}

std::vector<spaces::pattern>
halo_patterns(const run_epoch& of, index region, std::uint64_t block,
              const std::vector<direction>& sides) {
  std::vector<spaces::pattern> patterns;
  patterns.reserve(sides.size());
  const spaces::match::type cells{spaces::field_type::f64_array};
  for (auto side : sides)
    patterns.push_back(spaces::pattern_of(
        halo_head, of.run, number(of.epoch), std::int64_t{of.homes.of(region)},
        std::int64_t{region}, number(block), number(side), cells));
  return patterns;
}

halo_view halo_of(const spaces::tuple& from) {
  return {.side = static_cast<direction>(from[side_field].as_i64()),
          .cells = from[cells_field].as_array()};
}

spaces::pattern tuples_of_run(std::int64_t run) {
  const spaces::match::any any;
  return spaces::pattern_of(halo_head, run, any, any, any, any, any, any);
}

std::string reduction_name(const run_epoch& of, std::uint64_t block) {
  return fmt::format("heat/{}/{}/{}", of.run, of.epoch, block % reductions);
}

} // namespace weft::heat

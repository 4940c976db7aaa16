#include "apps/heat/core/run_request.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>

namespace weft::heat {

namespace {

std::optional<index> parse_count(std::string_view text) {
  text = trim(text);
  index value = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end)
    return std::nullopt;
  return value;
}

} // namespace

result<region_counts> parse_regions(std::string_view text) {
  const auto parts = split(text, 'x');
  if (parts.size() == 2) {
    const auto down = parse_count(parts[0]);
    const auto across = parse_count(parts[1]);
    if (down && across && *down > 0 && *across > 0)
      return region_counts{*down, *across};
  }
  return fail(errc::invalid_argument,
              fmt::format("regions \"{}\": expected rows x columns of regions, "
                          "such as 2x3",
                          text));
}

result<cell_place> parse_probe(std::string_view text) {
  const auto parts = split(text, ',');
  if (parts.size() == 2) {
    const auto row = parse_count(parts[0]);
    const auto column = parse_count(parts[1]);
    if (row && column)
      return cell_place{*row, *column};
  }
  return fail(errc::invalid_argument,
              fmt::format("probe \"{}\": expected row and column of a cell, "
                          "such as 10,10",
                          text));
}

result<partition> check(const run_request& what) {
  auto made = partition::make({.shape = what.shape,
                               .regions_down = what.regions.down,
                               .regions_across = what.regions.across,
                               .halo_depth = what.halo_depth});
  if (!made)
    return made;
  if (!(what.until.threshold >= 0) || std::isinf(what.until.threshold))
    return fail(errc::invalid_argument,
                fmt::format("threshold: expected a number of at least 0, got "
                            "{}",
                            what.until.threshold));
  if (what.until.iterations_max < 1)
    return fail(errc::invalid_argument, "iterations: expected at least 1");
  for (const auto& probe : what.probes)
    if (probe.row < 0 || probe.row >= what.shape.rows || probe.column < 0
        || probe.column >= what.shape.columns)
      return fail(errc::invalid_argument,
                  fmt::format("probe {},{}: expected a cell of the array, 0,0 "
                              "to {},{}",
                              probe.row, probe.column, what.shape.rows - 1,
                              what.shape.columns - 1));
  return made;
}

region_counts regions_for(const grid_shape& shape, std::size_t workers) {
  const auto wanted = static_cast<index>(std::max<std::size_t>(workers, 1));
  const auto down =
      std::clamp<index>(wanted, 1, std::max<index>(shape.rows - 2, 1));
  return {down, 1};
}

} // namespace weft::heat

#include "apps/heat/output/sinks.hpp"

#include <utility>

namespace weft::heat {

result<void> checksum_sink::add(std::span<const double> row) {
  sum_.add(row);
  return {};
}

result<void> checksum_sink::finish() {
  hex_ = sum_.hex();
  return {};
}

probe_sink::probe_sink(std::vector<cell_place> places)
    : places_{std::move(places)}, values_(places_.size()) {}

result<void> probe_sink::add(std::span<const double> row) {
  for (std::size_t which = 0; which < places_.size(); ++which)
    if (places_[which].row == row_)
      values_[which] = row[static_cast<std::size_t>(places_[which].column)];
  ++row_;
  return {};
}

} // namespace weft::heat

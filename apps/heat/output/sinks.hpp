#pragma once

#include "apps/heat/core/run_request.hpp"
#include "apps/heat/output/checksum.hpp"
#include "apps/heat/output/row_sink.hpp"

#include <string>
#include <vector>

namespace weft::heat {

/// The SHA-256 of the array.
class checksum_sink : public row_sink {
public:
  result<void> add(std::span<const double> row) override;
  result<void> finish() override;

  /// After `finish`.
  const std::string& hex() const { return hex_; }

private:
  checksum sum_;
  std::string hex_;
};

/// The values of some cells.
class probe_sink : public row_sink {
public:
  explicit probe_sink(std::vector<cell_place> places);

  result<void> add(std::span<const double> row) override;
  result<void> finish() override { return {}; }

  /// After `finish`: in the order of the places.
  const std::vector<double>& values() const { return values_; }

private:
  std::vector<cell_place> places_;
  std::vector<double> values_;
  index row_ = 0;
};

} // namespace weft::heat

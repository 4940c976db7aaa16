#include "apps/heat/core/convergence.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>

namespace weft::heat {

index levels_of_block(std::uint64_t block, index halo_depth,
                      const stop_rule& until) {
  WEFT_ASSERT(halo_depth >= 1);
  auto depth = static_cast<std::uint64_t>(halo_depth);
  // By division, as the product may not fit.
  if (block > until.iterations_max / depth)
    return 0;
  auto left = until.iterations_max - block * depth;
  return static_cast<index>(std::min<std::uint64_t>(left, depth));
}

std::optional<run_result> judge_block(std::uint64_t block, index halo_depth,
                                      std::span<const double> changes,
                                      const stop_rule& until) {
  WEFT_ASSERT(!changes.empty());
  auto before =
      static_cast<std::size_t>(block) * static_cast<std::size_t>(halo_depth);
  auto ended = std::find_if(changes.begin(), changes.end(), [&](double change) {
    return change < until.threshold;
  });
  if (ended != changes.end())
    return run_result{
        .iterations =
            before + static_cast<std::size_t>(ended - changes.begin()) + 1,
        .converged = true,
        .final_change = *ended};
  if (before + changes.size() < until.iterations_max)
    return std::nullopt;
  return run_result{.iterations = before + changes.size(),
                    .converged = false,
                    .final_change = changes.back()};
}

index level_in_block(std::size_t iterations, index halo_depth) {
  WEFT_ASSERT(iterations >= 1 && halo_depth >= 1);
  return static_cast<index>(iterations - 1) % halo_depth + 1;
}

void raise_changes(std::span<double> so_far, std::span<const double> more) {
  WEFT_ASSERT(so_far.size() == more.size());
  std::transform(so_far.begin(), so_far.end(), more.begin(), so_far.begin(),
                 [](double a, double b) { return std::max(a, b); });
}

} // namespace weft::heat

#include "apps/heat/core/checkpoint_core.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace weft::heat {

bool checkpoint_core::state::complete() const {
  std::uint64_t covered = 0;
  for (const auto& [offset, size] : pieces) {
    if (offset > covered)
      return false;
    covered = std::max(covered, offset + size);
  }
  return covered == bytes.size();
}

void checkpoint_core::drop_oldest(std::int64_t region) {
  const auto first = states_.lower_bound({region, 0});
  const auto last = states_.lower_bound({region + 1, 0});
  if (static_cast<std::size_t>(std::distance(first, last)) > states_max)
    states_.erase(first);
}

result<void> checkpoint_core::put(const band_place& where,
                                  const std::vector<std::uint8_t>& bytes) {
  if (bytes.size() > band_bytes_max || where.offset > where.bytes_total
      || bytes.size() > where.bytes_total - where.offset)
    return fail(
        errc::invalid_argument,
        fmt::format("{} bytes at {} of a state of {}: expected at most {} "
                    "inside of it",
                    bytes.size(), where.offset, where.bytes_total,
                    band_bytes_max));
  auto [found, added] = states_.try_emplace({where.region, where.block});
  auto& kept = found->second;
  if (added)
    kept.bytes.resize(where.bytes_total);
  if (kept.bytes.size() != where.bytes_total)
    return fail(errc::invalid_argument,
                fmt::format("the state of region {} before block {} has {} "
                            "bytes; got a piece of {}",
                            where.region, where.block, kept.bytes.size(),
                            where.bytes_total));
  std::copy(bytes.begin(), bytes.end(),
            kept.bytes.begin() + static_cast<std::ptrdiff_t>(where.offset));
  auto& size = kept.pieces[where.offset];
  size = std::max<std::uint64_t>(size, bytes.size());
  if (added)
    drop_oldest(where.region);
  return {};
}

result<std::vector<std::uint8_t>>
checkpoint_core::get(const band_place& where, std::uint64_t bytes) const {
  const auto found = states_.find({where.region, where.block});
  if (found == states_.end() || !found->second.complete())
    return fail(errc::not_found,
                fmt::format("the state of region {} before block {} is not "
                            "kept here",
                            where.region, where.block));
  const auto& kept = found->second.bytes;
  const auto begin = std::min<std::uint64_t>(where.offset, kept.size());
  const auto end = begin + std::min<std::uint64_t>(bytes, kept.size() - begin);
  return std::vector<std::uint8_t>(
      kept.begin() + static_cast<std::ptrdiff_t>(begin),
      kept.begin() + static_cast<std::ptrdiff_t>(end));
}

void checkpoint_core::forget_before(std::uint64_t block) {
  std::erase_if(states_,
                [&](const auto& one) { return one.first.second < block; });
}

} // namespace weft::heat

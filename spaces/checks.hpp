#pragma once

#include "runtime/base/result.hpp"
#include "spaces/space_types.hpp"

#include <span>
#include <string_view>

/// What is refused before anything is done, with `invalid_argument` but where
/// it says otherwise.
namespace weft::spaces {

inline bool is_lease(const std::optional<duration>& lease) {
  return !lease || (*lease > duration::zero() && *lease <= lease_max);
}
inline bool is_timeout(duration timeout) {
  return timeout >= duration::zero() && timeout <= timeout_max;
}

result<void> check_timeout(duration timeout);
result<void> check_lease(const std::optional<duration>& lease);
result<void> check_batch(std::span<const new_tuple> tuples);
result<void> check_limit(std::size_t limit);
/// Fails with `exhausted`: an answer would have so much content.
result<void> check_answer(std::size_t bytes);
/// Of events of a watch.
result<void> check_fetch(std::size_t limit, duration timeout);
/// Time-out and lease of a claim.
result<void> check_request(const request& of);
result<void> check_name(std::string_view name, std::string_view what);

} // namespace weft::spaces

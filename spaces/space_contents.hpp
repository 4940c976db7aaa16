#pragma once

#include "spaces/calls.hpp"
#include "spaces/space_core.hpp"

#include <span>

namespace weft::spaces {

/// The tuples of a space as they go elsewhere: with what is left of their
/// leases, the oldest first. A part of `space_core`, for the moment.
class space_contents {
public:
  explicit space_contents(space_core& of) : space_{of} {}

  /// Those that match. Cost: that of finding them; no content is copied.
  std::vector<new_tuple> matching(const pattern& what, time_point now) const;

  /// All, claimed ones too as if they had been put back. Cost: O(n log n).
  std::vector<new_tuple> all(time_point now) const;

  /// The first part of those that match, claimed; without a match the claim
  /// is 0. Fails with `invalid_argument` for the lease.
  result<reply::carried> claim(const call::carry& what, client_id client,
                               time_point now) const;

private:
  std::optional<duration> lease_left(place at, time_point now) const;
  std::vector<new_tuple> with_leases(std::span<const place> places,
                                     time_point now) const;

  space_core& space_;
};

/// How many of the tuples are the first part; 0 of none.
std::size_t part_size(std::span<const new_tuple> tuples);

} // namespace weft::spaces

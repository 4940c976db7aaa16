#include "actors/torus/core/torus_parts.hpp"

namespace weft::torus {

torus_parts::torus_parts(const torus_options& how, std::size_t record_bytes)
    : options{how}, shape{*lattice::make(how.size)}, first{how.torus
                                                           * shape.sites()},
      sites_count{shape.sites()}, record_bytes{record_bytes},
      sites(sites_count, how.memory),
      records(sites_count * record_bytes, how.memory), edges{how.memory},
      pending{how.events_max, how.memory}, crossings{how.memory} {
  edges.reserve(how.edges_max);
  crossings.reserve(how.crossings_max);
  for (std::uint32_t number = 0; number < sites_count; ++number)
    sites[number].random = stream_of(how.seed, first + number);
}

[[gnu::noinline]] bool torus_parts::add_crossing(const event& what) {
  if (crossings.size() == options.crossings_max)
    return false;
  crossings.push_back(what);
  return true;
}

} // namespace weft::torus

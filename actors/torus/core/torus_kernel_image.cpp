// Saves tori and restores them.

#include "actors/torus/core/torus_image.hpp"
#include "actors/torus/core/torus_kernel.hpp"
#include "runtime/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::torus {

namespace {

tl::unexpected<failure> is_of(const char* what, const std::string& theirs,
                              const std::string& ours) {
  return fail(errc::invalid_argument,
              fmt::format("image of a torus is of {} {}: expected {}", what,
                          theirs, ours));
}

std::string in_words(const lattice_size& size) {
  return fmt::format("{}x{}x{}", size.x, size.y, size.z);
}

result<void> check_origin(const torus_image& image, const torus_parts& parts,
                          const std::string& model) {
  const auto& ours = parts.options;
  if (image.size != ours.size)
    return is_of("lattice", in_words(image.size), in_words(ours.size));
  if (image.torus != ours.torus || image.tori != ours.tori)
    return is_of("torus", fmt::format("{} of {}", image.torus, image.tori),
                 fmt::format("{} of {}", ours.torus, ours.tori));
  if (image.model != model)
    return is_of("model", image.model, model);
  return {};
}

/// What an image that is not damaged, but made up, may have wrong.
bool consistent(const torus_image& image, const torus_parts& parts) {
  const auto addresses = std::uint64_t{parts.options.tori} * parts.sites_count;
  const auto edge_is_good = [&](const auto& one) {
    return one.site < parts.sites_count && one.to < addresses && one.delay > 0
           && one.delay <= parts.options.edge_delay_max;
  };
  const auto by_site = [](const auto& a, const auto& b) {
    return a.site < b.site;
  };
  const auto event_is_good = [&](const event& one) {
    return parts.is_own(one.destination) && one.time >= image.now
           && one.time - image.now < pending_set::horizon;
  };
  return image.sites.size() == parts.sites.size()
         && image.records.size() == parts.records.size()
         && std::all_of(image.edges.begin(), image.edges.end(), edge_is_good)
         && std::is_sorted(image.edges.begin(), image.edges.end(), by_site)
         && std::all_of(image.events.begin(), image.events.end(), event_is_good)
         && image.counters.conserved(image.events.size());
}

result<void> check_room(const torus_image& image,
                        const torus_options& options) {
  if (image.events.size() > options.events_max
      || image.edges.size() > options.edges_max)
    return fail(errc::exhausted,
                fmt::format("image of a torus has {} events and {} edges: "
                            "expected at most {} (events_max) and {} "
                            "(edges_max)",
                            image.events.size(), image.edges.size(),
                            options.events_max, options.edges_max));
  return {};
}

} // namespace

std::vector<std::byte> torus_kernel::save() const {
  torus_image image;
  image.size = parts_.options.size;
  image.torus = parts_.options.torus;
  image.tori = parts_.options.tori;
  image.model = description();
  image.now = now();
  image.counters = parts_.counters;
  image.records.assign(parts_.records.begin(), parts_.records.end());
  image.sites.reserve(parts_.sites.size());
  image.edges.reserve(parts_.edges.size());
  for (std::uint32_t number = 0; number < parts_.sites_count; ++number) {
    const auto& site = parts_.sites[number];
    image.sites.push_back({site.state, site.random});
    for (auto next = site.first_edge; next != no_edge;) {
      const auto& one = parts_.edges[next];
      image.edges.push_back({number, one.to, one.delay});
      next = one.next;
    }
  }
  image.events.reserve(pending());
  parts_.pending.for_each([&](virtual_time time, const auto& one) {
    image.events.push_back({time, parts_.first + one.destination,
                            source_of(one.rank), payload_of(one.rank)});
  });
  std::sort(image.events.begin(), image.events.end());
  return encoded(image);
}

result<void> torus_kernel::restore(std::span<const std::byte> bytes) {
  const auto image = decoded(bytes);
  if (!image)
    return tl::unexpected(image.error());
  if (auto checked = check_origin(*image, parts_, description()); !checked)
    return checked;
  if (!consistent(*image, parts_))
    return fail(errc::invalid_argument,
                "image of a torus contradicts itself: its sites, edges, events "
                "or counters cannot be");
  if (auto checked = check_room(*image, parts_.options); !checked)
    return checked;
  for (std::size_t i = 0; i < image->sites.size(); ++i)
    parts_.sites[i] = {image->sites[i].state, image->sites[i].random};
  parts_.records.assign(image->records.begin(), image->records.end());
  restore_edges(*image);
  parts_.pending.reset(image->now);
  for (const auto& one : image->events) {
    const auto put =
        parts_.pending.put(one.time, one.destination - parts_.first,
                           rank(one.source, one.payload));
    WEFT_ASSERT(put);
  }
  parts_.pending_count = image->events.size();
  parts_.crossings.clear();
  parts_.counters = image->counters;
  failed_.reset();
  return {};
}

/// The edges of each site lie beside each other afterwards.
void torus_kernel::restore_edges(const torus_image& image) {
  parts_.edges.clear();
  auto last_site = parts_.sites_count;
  for (const auto& [site, to, delay] : image.edges) {
    const auto number = static_cast<std::uint32_t>(parts_.edges.size());
    if (site == last_site)
      parts_.edges.back().next = number;
    else
      parts_.sites[site].first_edge = number;
    parts_.edges.push_back({to, delay, no_edge});
    last_site = site;
  }
}

} // namespace weft::torus

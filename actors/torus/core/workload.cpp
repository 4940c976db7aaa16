#include "actors/torus/core/workload.hpp"

#include "actors/torus/core/model_kernel.hpp"
#include "actors/torus/core/models/diffusion.hpp"
#include "actors/torus/core/models/relay.hpp"
#include "runtime/base/mix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace weft::torus {

namespace {

using made_torus = result<std::unique_ptr<torus_kernel>>;

constexpr std::uint32_t edge_delay = 10;

/// For what happens at once beside what is pending.
constexpr std::size_t spare_events = 1024;

template <class Model>
std::unique_ptr<torus_kernel> kernel_of(const torus_options& options,
                                        Model model) {
  return std::make_unique<model_kernel<Model>>(options, std::move(model));
}

/// A stream of its own for how a torus begins.
std::uint64_t first_random(const torus_options& options) {
  return stream_of(~options.seed, options.torus);
}

result<void> check_population(std::uint32_t population,
                              const torus_options& options) {
  if (population > options.events_max)
    return fail(errc::invalid_argument,
                fmt::format("population: expected at most events_max, which is "
                            "{}, got {}",
                            options.events_max, population));
  return {};
}

result<void> connect_ring(torus_kernel& torus, std::uint32_t ring) {
  for (std::uint32_t site = 0; site < ring; ++site)
    if (auto made = torus.connect(site, torus.address_of((site + 1) % ring),
                                  edge_delay);
        !made)
      return made;
  return {};
}

result<void> connect_neighbours(torus_kernel& torus) {
  const auto& shape = torus.shape();
  for (std::uint32_t site = 0; site < shape.sites(); ++site)
    for (std::uint32_t way = 0; way < lattice::directions; ++way)
      if (auto made = torus.connect(
              site, torus.address_of(shape.neighbour(site, way)), edge_delay);
          !made)
        return made;
  return {};
}

made_torus make(const torus_options& options, const relay_load& load) {
  if (auto checked = check_population(load.population, options); !checked)
    return pass_on(checked);
  auto torus = kernel_of(options, relay{});
  const auto sites = torus->shape().sites();
  const auto ring = load.ring.value_or(sites);
  if (ring == 0 || ring > sites)
    return fail(errc::invalid_argument,
                fmt::format("ring: expected 1 to {}, the sites of the lattice, "
                            "got {}",
                            sites, ring));
  auto connected =
      load.ring ? connect_ring(*torus, ring) : connect_neighbours(*torus);
  if (!connected)
    return pass_on(connected);
  for (std::uint64_t i = 0; i < load.population; ++i) {
    const auto place = static_cast<std::uint32_t>(i * ring / load.population);
    if (auto taken = torus->inject(
            {.time = 0, .destination = torus->address_of(place), .payload = 1});
        !taken)
      return pass_on(taken);
  }
  return torus;
}

made_torus make(const torus_options& options, const phold_load& load) {
  if (auto checked = check_population(load.population, options); !checked)
    return pass_on(checked);
  if (!(load.remote >= 0 && load.remote <= 1))
    return fail(errc::invalid_argument,
                fmt::format("remote: expected a probability, 0 to 1, got {}",
                            load.remote));
  if (load.remote > 0 && options.tori == 1)
    return fail(errc::invalid_argument,
                fmt::format("remote: expected 0 where there is one torus, got "
                            "{}",
                            load.remote));
  auto torus = kernel_of(options, phold{load.destination, load.remote});
  auto stream = first_random(options);
  for (std::uint32_t token = 0; token < load.population; ++token) {
    const auto site = torus->address_of(token % torus->shape().sites());
    const auto delay = phold::delay(next_random(stream));
    if (auto taken = torus->inject(
            {delay, site, site, static_cast<std::int32_t>(token)});
        !taken)
      return pass_on(taken);
  }
  return torus;
}

made_torus make(const torus_options& options, const diffusion_load& load) {
  if (load.step < 2 || load.amount_max == 0)
    return fail(errc::invalid_argument,
                fmt::format("diffusion: expected a step of at least 2 ticks "
                            "and amounts of at least 1, got {} and {}",
                            load.step, load.amount_max));
  auto torus = kernel_of(options, diffusion{load.step});
  auto stream = first_random(options);
  for (std::uint32_t site = 0; site < torus->shape().sites(); ++site) {
    torus->set_state(site, (next_random(stream) >> 32) * load.amount_max >> 32);
    const auto self = torus->address_of(site);
    if (auto taken = torus->inject({0, self, self, 0}); !taken)
      return pass_on(taken);
  }
  return torus;
}

std::size_t sites_of(const torus_options& options) {
  const auto& [x, y, z] = options.size;
  return std::size_t{x} * y * z;
}

void fit(torus_options& options, const relay_load& load, virtual_time) {
  options.events_max = std::size_t{2} * load.population + spare_events;
  options.edges_max =
      load.ring ? *load.ring : lattice::directions * sites_of(options);
  options.crossings_max = 0;
}

void fit(torus_options& options, const phold_load& load, virtual_time window) {
  // Of n tokens about n/1000 move in a tick. An eighth more is many times what
  // chance adds.
  const auto population = std::size_t{load.population};
  options.events_max = population + population / 8 + spare_events;
  options.edges_max = 0;
  const auto moves = static_cast<double>(population) * 1.25
                     * static_cast<double>(window)
                     / (phold::delay_min + phold::delay_mean);
  options.crossings_max =
      options.tori == 1
          ? 0
          : spare_events + static_cast<std::size_t>(moves * load.remote);
}

void fit(torus_options& options, const diffusion_load&, virtual_time) {
  // A site's clock, the next one, and what flows to six others.
  options.events_max = 8 * sites_of(options);
  options.edges_max = 0;
  options.crossings_max = 0;
}

} // namespace

torus_options sized_for(torus_options options, const workload& load,
                        virtual_time window) {
  std::visit([&](const auto& one) { fit(options, one, window); }, load);
  return options;
}

result<std::unique_ptr<torus_kernel>> make_torus(const torus_options& options,
                                                 const workload& load) {
  if (auto checked = check(options); !checked)
    return pass_on(checked);
  return std::visit([&](const auto& one) { return make(options, one); }, load);
}

} // namespace weft::torus

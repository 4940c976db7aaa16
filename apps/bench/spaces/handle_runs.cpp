#include "apps/bench/spaces/handle_runs.hpp"

#include "actors/space/local_space.hpp"
#include "apps/bench/bench_system.hpp"
#include "apps/bench/spaces/hand_off.hpp"
#include "apps/bench/spaces/pipeline.hpp"
#include "apps/bench/spaces/remote_space.hpp"
#include "runtime/node/space_bench.hpp"

namespace weft::bench {

namespace {

run_numbers use(const space& where, const run_size& size) {
  const config::space_options as_configured;
  space_bench_options how;
  how.time = std::chrono::milliseconds{size.count};
  how.key = "bench";
  const auto found = run_space_bench(where, as_configured, how);
  if (!found)
    return tl::unexpected(found.error());
  const auto& single = found->at("single");
  return std::vector{single.at("write_us").at("p50").get<double>(),
                     single.at("take_us").at("p50").get<double>(),
                     found->at("batched").at("per_second").get<double>()};
}

/// Runs `measure` with a space of this process.
template <class Measure>
run_numbers with_local_space(Measure measure) {
  bench_config config;
  caf::actor_system system{config};
  return measure(system, start_local_space(system, {}));
}

/// Runs `measure` with a space of another process.
template <class Measure>
run_numbers with_remote_space(const run_settings& how, Measure measure) {
  bench_config config{asking_node};
  caf::actor_system system{config};
  const auto remote = remote_space::make(system, how.proof, how.port);
  if (!remote)
    return tl::unexpected(remote.error());
  return measure(system, remote->handle());
}

run_numbers hand_off_in(const space& where, const run_size& size) {
  const auto port = port_of(where);
  return only(measure_hand_offs(port, port, size.count));
}

} // namespace

run_numbers run_handle(const experiment&, const run_settings& how) {
  return with_local_space(
      [&](auto&, const space& where) { return use(where, how.size); });
}

run_numbers run_nodes(const experiment&, const run_settings& how) {
  return with_remote_space(
      how, [&](auto&, const space& where) { return use(where, how.size); });
}

run_numbers run_pipelined(const experiment&, const run_settings& how) {
  return with_local_space([&](auto& system, const space& where) {
    return only(measure_pipeline(system, where, how.size.count));
  });
}

run_numbers run_pipelined_nodes(const experiment&, const run_settings& how) {
  return with_remote_space(how, [&](auto& system, const space& where) {
    return only(measure_pipeline(system, where, how.size.count));
  });
}

run_numbers run_hand_off(const experiment&, const run_settings& how) {
  return with_local_space(
      [&](auto&, const space& where) { return hand_off_in(where, how.size); });
}

run_numbers run_hand_off_nodes(const experiment&, const run_settings& how) {
  return with_remote_space(how, [&](auto&, const space& where) {
    return hand_off_in(where, how.size);
  });
}

} // namespace weft::bench

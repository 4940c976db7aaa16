#include "apps/bench/actors.hpp"
#include "apps/bench/one_way.hpp"
#include "apps/bench/ping_pong.hpp"
#include "apps/bench/restart.hpp"
#include "apps/bench/spawn.hpp"

namespace weft::bench {

namespace {

result<std::vector<double>> only(result<double> value) {
  if (!value)
    return pass_on(value);
  return std::vector{*value};
}

} // namespace

result<std::vector<double>> measure(const measure_options& options) {
  const auto& name = options.experiment;
  const auto count = options.count;
  if (name == "one_way")
    return only(measure_one_way(count));
  if (name == "ping_pong")
    return only(measure_ping_pong(count));
  if (name == "ping_pong_nodes" || name == "ping_pong_nodes_tls")
    return only(measure_ping_pong_nodes(options.proof, options.port, count));
  if (name == "spawn")
    return measure_spawn(count).map([](const spawn_cost& cost) {
      return std::vector{cost.actors_per_second, cost.bytes_per_actor};
    });
  if (name == "restart")
    return measure_restart(count).map([](const restart_times& times) {
      return std::vector{times.median_us, times.p99_us};
    });
  return fail(errc::invalid_argument, "there is no experiment " + name);
}

} // namespace weft::bench

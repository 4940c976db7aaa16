#include "apps/bench/actors/erlang_peer.hpp"
#include "apps/bench/actors/one_way.hpp"
#include "apps/bench/actors/ping_pong.hpp"
#include "apps/bench/actors/ping_pong_nodes.hpp"
#include "apps/bench/actors/restart.hpp"
#include "apps/bench/actors/spawn.hpp"
#include "apps/bench/subject.hpp"

#include <array>

namespace weft::bench {

namespace {

run_numbers run_one_way(const experiment&, const run_settings& how) {
  return only(measure_one_way(how.size.count));
}

run_numbers run_ping_pong(const experiment&, const run_settings& how) {
  return only(measure_ping_pong(how.size.count));
}

run_numbers run_ping_pong_nodes(const experiment&, const run_settings& how) {
  return only(measure_ping_pong_nodes(how.proof, how.port, how.size.count));
}

run_numbers run_spawn(const experiment&, const run_settings& how) {
  return measure_spawn(how.size.count).map([](const spawn_cost& cost) {
    return std::vector{cost.actors_per_second, cost.bytes_per_actor};
  });
}

run_numbers run_restart(const experiment&, const run_settings& how) {
  return measure_restart(how.size.count).map([](const restart_times& times) {
    return std::vector{times.median_us, times.p99_us};
  });
}

constexpr std::array one_way_figures{
    figure{"one_way", "messages/s", better::higher,
           "How fast does one actor send to another in its node?"}};
constexpr std::array ping_pong_figures{
    figure{"ping_pong", "us", better::lower,
           "How long does a request to an actor of the node take?"}};
constexpr std::array nodes_figures{
    figure{"ping_pong_nodes", "us", better::lower,
           "How long does a request to another process take, over plain TCP?"}};
constexpr std::array nodes_tls_figures{
    figure{"ping_pong_nodes_tls", "us", better::lower,
           "And over mutual TLS, as nodes talk unless told otherwise?"}};
constexpr std::array spawn_figures{
    figure{"spawn", "actors/s", better::higher, "How fast do actors start?"},
    figure{"spawn_bytes", "bytes", better::lower,
           "How much resident memory does an idle actor take?"}};
constexpr std::array restart_figures{
    figure{"restart", "us", better::lower,
           "How long from a worker's crash until its successor is ready?"},
    figure{"restart_p99", "us", better::lower,
           "How long for the slowest of a hundred?"}};

constexpr std::array<std::string_view, 1> with_erlang{"erlang"};

constexpr std::array actors_experiments{
    experiment{.name = "one_way",
               .figures = one_way_figures,
               .count = 1'000'000,
               .smoke_count = 20'000,
               .measure = run_one_way,
               .peers = with_erlang},
    experiment{.name = "ping_pong",
               .figures = ping_pong_figures,
               .count = 200'000,
               .smoke_count = 2'000,
               .measure = run_ping_pong,
               .peers = with_erlang},
    experiment{.name = "ping_pong_nodes",
               .figures = nodes_figures,
               .count = 20'000,
               .smoke_count = 200,
               .measure = run_ping_pong_nodes,
               .peers = with_erlang,
               .companion = "echo"},
    experiment{.name = "ping_pong_nodes_tls",
               .figures = nodes_tls_figures,
               .count = 20'000,
               .smoke_count = 200,
               .measure = run_ping_pong_nodes,
               .companion = "echo",
               .secure = true},
    experiment{.name = "spawn",
               .figures = spawn_figures,
               .count = 100'000,
               .smoke_count = 5'000,
               .measure = run_spawn,
               .peers = with_erlang},
    experiment{.name = "restart",
               .figures = restart_figures,
               .count = 5'000,
               .smoke_count = 100,
               .measure = run_restart,
               .peers = with_erlang},
};

} // namespace

const subject& actors_subject() {
  static const std::array peers{erlang_kind};
  static const subject actors{
      .name = "actors",
      .description = "Messages, requests, spawning and supervised restarts, "
                     "against Erlang/OTP where it is installed",
      .duration = "about three minutes",
      .experiments = actors_experiments,
      .peers = peers,
      .relations = {},
      .note = "Erlang's nodes talk plain TCP, its default."};
  return actors;
}

} // namespace weft::bench

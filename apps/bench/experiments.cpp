#include "apps/bench/experiments.hpp"

#include <array>

namespace weft::bench {

namespace {

constexpr std::array one_way{
    figure{"one_way", "messages/s", better::higher,
           "How fast does one actor send to another in its node?"}};
constexpr std::array ping_pong{
    figure{"ping_pong", "us", better::lower,
           "How long does a request to an actor of the node take?"}};
constexpr std::array ping_pong_nodes{
    figure{"ping_pong_nodes", "us", better::lower,
           "How long does a request to another process take, over plain TCP?"}};
constexpr std::array ping_pong_nodes_tls{
    figure{"ping_pong_nodes_tls", "us", better::lower,
           "And over mutual TLS, as nodes talk unless told otherwise?"}};
constexpr std::array spawn{
    figure{"spawn", "actors/s", better::higher, "How fast do actors start?"},
    figure{"spawn_bytes", "bytes", better::lower,
           "How much resident memory does an idle actor take?"}};
constexpr std::array restart{
    figure{"restart", "us", better::lower,
           "How long from a worker's crash until its successor is ready?"},
    figure{"restart_p99", "us", better::lower,
           "How long for the slowest of a hundred?"}};

constexpr std::array all{
    experiment{"one_way", one_way, 1'000'000, 20'000},
    experiment{"ping_pong", ping_pong, 200'000, 2'000},
    experiment{"ping_pong_nodes", ping_pong_nodes, 20'000, 200, true, true},
    experiment{"ping_pong_nodes_tls", ping_pong_nodes_tls, 20'000, 200, false,
               true, true},
    experiment{"spawn", spawn, 100'000, 5'000},
    experiment{"restart", restart, 5'000, 100},
};

} // namespace

std::span<const experiment> experiments() {
  return all;
}

const experiment* find_experiment(std::string_view name) {
  for (const auto& each : all)
    if (each.name == name)
      return &each;
  return nullptr;
}

} // namespace weft::bench

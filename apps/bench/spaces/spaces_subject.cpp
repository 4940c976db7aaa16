#include "apps/bench/spaces/core_runs.hpp"
#include "apps/bench/spaces/handle_runs.hpp"
#include "apps/bench/spaces/redis_peer.hpp"
#include "apps/bench/subject.hpp"

#include <array>

namespace weft::bench {

namespace {

constexpr figure rate(std::string_view name, std::string_view question) {
  return {name, "operations/s", better::higher, question};
}

constexpr figure latency(std::string_view name, std::string_view question) {
  return {name, "us", better::lower, question};
}

constexpr std::array core_1k_figures{
    rate("core_1k", "How many takes and writes does the core of a space do on "
                    "one processor, with 1,000 tuples?")};
constexpr std::array core_100k_figures{
    rate("core_100k", "And with 100,000 tuples?")};
constexpr std::array core_1m_figures{
    rate("core_1m", "And with 1,000,000 tuples?")};
constexpr std::array core_10m_figures{
    rate("core_10m", "And with 10,000,000 tuples?")};
constexpr std::array core_waiters_figures{
    rate("core_waiters", "And with 100,000 tuples while 100,000 takes wait?")};
constexpr std::array core_shapes_figures{
    rate("core_shapes",
         "And with 100,000 tuples, taken by four shapes of pattern in turn?")};
constexpr std::array core_hand_off_figures{
    rate("core_hand_off",
         "And when each write is for one of 100,000 takes that wait?")};
constexpr std::array handle_figures{
    latency("write",
            "How long does a thread wait for a write to a space of its "
            "process?"),
    latency("take", "How long for a take by key?"),
    rate("batched", "How many does it do in batches of 100?")};
constexpr std::array space_nodes_figures{
    latency("write_nodes",
            "How long for a write to a space in another process?"),
    latency("take_nodes", "How long for a take by key from there?"),
    rate("batched_nodes", "How many does it do there in batches of 100?")};
constexpr std::array pipelined_figures{
    rate("pipelined", "How many for one actor that has 32 batches of 32 under "
                      "way at once?")};
constexpr std::array pipelined_nodes_figures{
    rate("pipelined_nodes",
         "How many for such an actor in another process than the space?")};
constexpr std::array hand_off_figures{
    latency("hand_off", "How long from a write in one thread until another one "
                        "that waits has the tuple?")};
constexpr std::array hand_off_nodes_figures{
    latency("hand_off_nodes",
            "How long when the space is in another process than both?")};

constexpr std::array<std::string_view, 1> with_redis{"redis"};

constexpr experiment core_experiment(std::span<const figure> figures) {
  return {.name = figures.front().name,
          .figures = figures,
          .count = 4'000'000,
          .smoke_count = 20'000,
          .measure = run_core};
}

constexpr std::array spaces_experiments{
    core_experiment(core_1k_figures),
    core_experiment(core_100k_figures),
    core_experiment(core_1m_figures),
    core_experiment(core_10m_figures),
    core_experiment(core_waiters_figures),
    core_experiment(core_shapes_figures),
    core_experiment(core_hand_off_figures),
    experiment{.name = "handle",
               .figures = handle_figures,
               .count = 1'000,
               .smoke_count = 50,
               .measure = run_handle},
    experiment{.name = "nodes",
               .figures = space_nodes_figures,
               .count = 1'000,
               .smoke_count = 50,
               .measure = run_nodes,
               .peers = with_redis,
               .companion = "shard"},
    experiment{.name = "pipelined",
               .figures = pipelined_figures,
               .count = 2'000'000,
               .smoke_count = 20'000,
               .measure = run_pipelined},
    experiment{.name = "pipelined_nodes",
               .figures = pipelined_nodes_figures,
               .count = 2'000'000,
               .smoke_count = 20'000,
               .measure = run_pipelined_nodes,
               .peers = with_redis,
               .companion = "shard"},
    experiment{.name = "hand_off",
               .figures = hand_off_figures,
               .count = 10'000,
               .smoke_count = 100,
               .measure = run_hand_off},
    experiment{.name = "hand_off_nodes",
               .figures = hand_off_nodes_figures,
               .count = 5'000,
               .smoke_count = 100,
               .measure = run_hand_off_nodes,
               .peers = with_redis,
               .companion = "shard"},
};

constexpr std::array spaces_relations{
    relation{"cost_10m_tuples",
             "How many times as much does an operation of the core cost with "
             "10,000,000 tuples as with 1,000?",
             "core_1k", "core_10m"},
    relation{"cost_100k_waiters",
             "How many times as much with 100,000 waiting takes as with none?",
             "core_100k", "core_waiters"},
};

} // namespace

const subject& spaces_subject() {
  static const std::array peers{redis_kind};
  static const subject spaces{
      .name = "spaces",
      .description = "Tuple spaces: their core, through a handle, and between "
                     "processes, against Redis where it is installed",
      .duration = "about three minutes",
      .experiments = spaces_experiments,
      .peers = peers,
      .relations = spaces_relations,
      .note = "Redis pops a value off the end of a list, weft takes a tuple by "
              "its key."};
  return spaces;
}

} // namespace weft::bench

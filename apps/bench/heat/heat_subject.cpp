#include "apps/bench/heat/heat_runs.hpp"
#include "apps/bench/heat/mpi_peer.hpp"
#include "apps/bench/subject.hpp"

#include <array>

namespace weft::bench {

namespace {

constexpr figure updates(std::string_view name, std::string_view question) {
  return {name, "M updates/s", better::higher, question};
}

constexpr std::string_view and_deep = "And with halos 8 deep?";

constexpr std::array heat_figures{
    updates("heat_256", "How many cells of a 256x256 array does heat diffusion "
                        "update, with two workers and halos 1 deep?"),
    updates("heat_256_deep", and_deep),
    updates("heat_512", "And of 512x512?"),
    updates("heat_512_deep", and_deep),
    updates("heat_1024", "And of 1024x1024?"),
    updates("heat_1024_deep", and_deep),
    updates("heat_2048", "And of 2048x2048?"),
    updates("heat_2048_deep", and_deep),
    updates("heat_4096", "And of 4096x4096?"),
    updates("heat_4096_deep", and_deep),
};

constexpr std::array<std::string_view, 2> with_mpi{"mpich", "openmpi"};

/// About half a second each at 2 to 4 G updates/s.
constexpr experiment diffusion(std::size_t which, std::uint64_t iterations) {
  return {.name = heat_figures[which].name,
          .figures = std::span{heat_figures}.subspan(which, 1),
          .count = iterations,
          .smoke_count = 8,
          .measure = run_heat,
          .peers = with_mpi,
          .has_result = true};
}

constexpr std::array heat_experiments{
    diffusion(0, 16'000), diffusion(1, 16'000), diffusion(2, 6'400),
    diffusion(3, 6'400),  diffusion(4, 1'600),  diffusion(5, 1'600),
    diffusion(6, 320),    diffusion(7, 320),    diffusion(8, 80),
    diffusion(9, 80),
};

constexpr std::string_view how_much_deeper =
    "How many times as fast are weft's deep halos as MPI by the textbook?";

constexpr relation deeper(std::string_view name, std::size_t which) {
  return {name, how_much_deeper, heat_figures[which + 1].name,
          heat_figures[which].name, true};
}

constexpr std::array heat_relations{
    deeper("deep_to_textbook_256", 0),  deeper("deep_to_textbook_512", 2),
    deeper("deep_to_textbook_1024", 4), deeper("deep_to_textbook_2048", 6),
    deeper("deep_to_textbook_4096", 8),
};

} // namespace

const subject& heat_subject() {
  static const std::array peers{mpich_kind, openmpi_kind};
  static const subject heat{
      .name = "heat",
      .description = "Heat diffusion with two workers in one process, against "
                     "MPI written by hand where it is installed",
      .duration = "about seven minutes",
      .experiments = heat_experiments,
      .peers = peers,
      .relations = heat_relations,
      .runs = 9,
      .threads = heat_workers,
      .note = "MPI has two processes, and halos as deep as weft's."};
  return heat;
}

} // namespace weft::bench

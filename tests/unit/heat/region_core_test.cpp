#include "apps/heat/core/region_core.hpp"
#include "tests/unit/heat/region_loop.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace weft::heat::test {

namespace {

/// The same doubles, bit by bit.
bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size()
         && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
              return std::bit_cast<std::uint64_t>(x)
                     == std::bit_cast<std::uint64_t>(y);
            });
}

struct expected_run {
  run_result how;
  whole_grid grid;
};

expected_run plain_loop(const grid_shape& shape, const boundary& edge,
                        const stop_rule& until) {
  auto grid = initial_grid(shape, edge);
  auto how = iterate(grid, until);
  return {how, std::move(grid)};
}

void check_same(const partition_request& request, const region_options& options,
                const stop_rule& until, const expected_run& expected,
                unsigned seed) {
  INFO(fmt::format(
      "{}x{} in {}x{}, depth {}, {} bytes of scratch, {} ahead, kernel "
      "{}, seed {}",
      request.shape.rows, request.shape.columns, request.regions_down,
      request.regions_across, request.halo_depth, options.scratch_bytes_max,
      options.run_ahead, options.kernel->name, seed));
  region_loop loop{request, options, until, seed};
  auto how = loop.run();
  CHECK(how.iterations == expected.how.iterations);
  CHECK(how.converged == expected.how.converged);
  CHECK(how.final_change == expected.how.final_change);
  CHECK(same_bits(loop.gather().cells, expected.grid.cells));
}

struct cut {
  index down;
  index across;
};

} // namespace

TEST_CASE("every partition and halo depth gives the plain loop's bits") {
  const grid_shape shape{20, 20};
  const stop_rule until{.threshold = 0.01};
  auto expected = plain_loop(shape, {}, until);
  REQUIRE(expected.how.iterations == 293);
  unsigned seed = 0;
  for (auto [down, across] :
       {cut{1, 1}, cut{2, 2}, cut{3, 5}, cut{18, 18}, cut{1, 18}, cut{4, 1}})
    for (index depth : {1, 2, 7})
      for (std::size_t ahead : {0, 2})
        check_same({shape, down, across, depth}, {.run_ahead = ahead}, until,
                   expected, ++seed);
}

TEST_CASE("every kernel and every width of band gives the plain loop's bits") {
  const grid_shape shape{61, 263};
  const boundary edge{.top = 1.5, .bottom = -2.25, .left = 1e-3, .right = 77};
  const stop_rule until{.threshold = 0, .iterations_max = 53};
  auto expected = plain_loop(shape, edge, until);
  unsigned seed = 100;
  for (const auto& kernel : available_kernels())
    for (std::size_t scratch : {0, 10'000, 1'000'000})
      for (bool past_cache : {false, true})
        for (index depth : {1, 4, 9})
          check_same({shape, 2, 3, depth},
                     {.edge = edge,
                      .scratch_bytes_max = scratch,
                      .past_cache = past_cache,
                      .kernel = &kernel},
                     until, expected, ++seed);
}

TEST_CASE("random runs give the plain loop's bits") {
  for (unsigned seed = 1; seed <= 80; ++seed) {
    std::mt19937 random{seed};
    auto from = [&](index least, index most) {
      return std::uniform_int_distribution<index>{least, most}(random);
    };
    const grid_shape shape{from(3, 60), from(3, 60)};
    const boundary edge{.top = static_cast<double>(from(-9, 9)),
                        .bottom = static_cast<double>(from(-9, 9)) / 7,
                        .left = static_cast<double>(from(-9, 9)),
                        .right = static_cast<double>(from(-9, 9))};
    const stop_rule until{.threshold = static_cast<double>(from(0, 3)) * 0.02,
                          .iterations_max =
                              static_cast<std::size_t>(from(1, 90))};
    auto expected = plain_loop(shape, edge, until);
    auto kernels = available_kernels();
    check_same({shape, from(1, std::min<index>(shape.rows - 2, 6)),
                from(1, std::min<index>(shape.columns - 2, 6)), from(1, 12)},
               {.edge = edge,
                .scratch_bytes_max = static_cast<std::size_t>(from(0, 1 << 15)),
                .past_cache = from(0, 1) == 1,
                .kernel = &kernels[static_cast<std::size_t>(
                    from(0, static_cast<index>(kernels.size()) - 1))],
                .run_ahead = static_cast<std::size_t>(from(0, 2))},
               until, expected, seed);
  }
}

TEST_CASE("a run stops at its greatest number of iterations") {
  const grid_shape shape{12, 30};
  const stop_rule until{.threshold = 0, .iterations_max = 100};
  auto expected = plain_loop(shape, {}, until);
  CHECK(expected.how.iterations == 100);
  CHECK(!expected.how.converged);
  check_same({shape, 2, 2, 7}, {}, until, expected, 7);
}

TEST_CASE("regions that were saved between blocks go on with the same bits") {
  const grid_shape shape{33, 47};
  const index depth = 3;
  auto expected = plain_loop(shape, {}, {.threshold = 0, .iterations_max = 30});
  const partition_request request{shape, 2, 3, depth};
  region_loop before{request, {}, {.threshold = 0, .iterations_max = 15}};
  before.run();
  region_loop after{request, {}, {.threshold = 0, .iterations_max = 15}};
  for (std::size_t which = 0; which < before.regions().size(); ++which) {
    std::vector<double> saved;
    auto& from = before.regions()[which];
    for (index row = 0; row < from.geometry().own().rows(); ++row) {
      auto cells = from.row(row);
      saved.insert(saved.end(), cells.begin(), cells.end());
    }
    after.regions()[which].restore(0, saved);
  }
  after.run();
  CHECK(same_bits(after.gather().cells, expected.grid.cells));
}

TEST_CASE("a halo is refused from nowhere, of a wrong size or block") {
  auto where = *partition::make({{12, 12}, 2, 2, 2});
  region_core region{where, 0, {}};
  region.begin_block(2);
  std::vector<double> five_by_two(10);
  auto code = [](const result<void>& what) {
    return what ? errc::none : what.error().code;
  };
  CHECK(code(region.receive(0, direction::up, five_by_two))
        == errc::invalid_argument);
  CHECK(code(region.receive(0, direction::down, std::vector<double>(9)))
        == errc::invalid_argument);
  CHECK(code(region.receive(2, direction::down, five_by_two))
        == errc::invalid_argument);
  CHECK(code(region.receive(0, direction::down, five_by_two)) == errc::none);
  CHECK(!region.halos_complete());
}

TEST_CASE("a halo that comes twice counts once") {
  auto where = *partition::make({{6, 6}, 2, 1, 1});
  region_core region{where, 0, {}};
  region.begin_block(1);
  CHECK(region.receive(0, direction::down, std::vector<double>(4, 1.0)));
  CHECK(region.receive(0, direction::down, std::vector<double>(4, 9.0)));
  region.finish_block();
  CHECK(region.row(1)[1] == 0.25);
}

TEST_CASE("a halo of the next block waits for it") {
  auto where = *partition::make({{6, 6}, 2, 1, 1});
  region_core region{where, 0, {.edge = {.top = 0}}};
  region.begin_block(1);
  CHECK(region.receive(1, direction::down, std::vector<double>(4, 4.0)));
  CHECK(!region.halos_complete());
  CHECK(region.receive(0, direction::down, std::vector<double>(4, 0.0)));
  CHECK(region.finish_block()[0] == 0);
  region.go_on();
  region.begin_block(1);
  CHECK(region.halos_complete());
  CHECK(region.finish_block()[0] == 1.0);
}

} // namespace weft::heat::test

#include "apps/heat/core/checkpoint_core.hpp"
#include "apps/heat/core/coordinator_core.hpp"
#include "apps/heat/core/region_driver_core.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <tuple>
#include <vector>

namespace weft::heat::test {

namespace {

/// What a random run is made of.
struct world_options {
  partition_request request;
  boundary edge;
  run_rules rules;
  std::size_t places = 4;
  /// Nodes that are lost on the way.
  int kills = 0;
  /// How long a node stays away.
  std::chrono::milliseconds away{0};
  unsigned seed = 1;
};

/// Regions, keepers, a space and the coordinator of one run in one thread, on a
/// clock of its own. Messages arrive in a random order, and nodes are lost
/// with their regions, their keeper, and all that the space holds.
class recovery_world {
public:
  explicit recovery_world(const world_options& options)
      : options_{options}, random_{options.seed}, where_{*partition::make(
                                                      options.request)},
        core_{core_options(options, where_), now_},
        regions_(static_cast<std::size_t>(where_.regions())),
        places_(options.places) {}

  /// Steps until the run has ended; fails the test if it does not.
  run_result run() {
    for (int step = 0; !ended_; ++step) {
      REQUIRE(step < 2'000'000);
      now_ += std::chrono::milliseconds{1};
      maybe_kill();
      carry_out(core_.poll(now_));
      do_something();
      if (gave_up_)
        FAIL(gave_up_->message);
    }
    return *ended_;
  }

  whole_grid gather() const {
    auto grid = initial_grid(options_.request.shape, options_.edge);
    for (const auto& region : regions_) {
      const auto& cells = region.driver->cells();
      const auto& where = cells.geometry();
      for (index row = 0; row < where.own().rows(); ++row) {
        auto from = cells.row(row);
        std::copy(from.begin(), from.end(),
                  grid.cells.begin()
                      + (where.first_row() + row)
                            * options_.request.shape.columns
                      + where.first_column());
      }
    }
    return grid;
  }

  const coordinator_core& core() const { return core_; }

private:
  struct region_place {
    std::unique_ptr<region_driver_core> driver;
    /// Which of the region's actors it is: messages to those before are lost.
    int life = 0;
    run_effect::begin_epoch order;
    bool began = false;
  };

  struct place {
    checkpoint_core keeper;
    bool keeper_present = false;
    coordinator_core::time_point back{};
  };

  struct tally {
    std::vector<double> changes;
    std::size_t reports = 0;
  };

  using halo_key = std::tuple<std::uint64_t, index, std::uint64_t, direction>;
  using block_key = std::pair<std::uint64_t, std::uint64_t>;

  static coordinator_options core_options(const world_options& options,
                                          const partition& where) {
    coordinator_options made;
    made.regions = static_cast<std::size_t>(where.regions());
    made.places = options.places;
    made.keeps_states = options.rules.checkpoint_blocks > 0;
    made.place_patience = std::chrono::seconds{2};
    return made;
  }

  std::size_t any(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>{0, count - 1}(random_);
  }

  region_place& at(index region) {
    return regions_[static_cast<std::size_t>(region)];
  }

  void do_something() {
    if (!events_.empty() && any(3) > 0) {
      std::swap(events_[any(events_.size())], events_.back());
      auto event = std::move(events_.back());
      events_.pop_back();
      return event();
    }
    const auto which = static_cast<index>(any(regions_.size()));
    auto& driver = at(which).driver;
    if (driver && at(which).began && driver->has_work())
      act(which, driver->work());
  }

  void maybe_kill() {
    if (options_.kills > 0 && any(2500) == 0) {
      --options_.kills;
      kill(any(places_.size()));
    }
  }

  void kill(std::size_t which) {
    const failure why{errc::unavailable, "the node is lost"};
    places_[which] = {};
    places_[which].back = now_ + options_.away;
    events_.emplace_back([=, this] { core_.keeper_lost(which, why, now_); });
    for (index region = 0; region < where_.regions(); ++region)
      if (at(region).driver && core_.place_of(region) == which) {
        at(region).driver.reset();
        ++at(region).life;
        events_.emplace_back(
            [=, this] { core_.region_lost(region, why, now_); });
      }
    halos_.clear();
    tallies_.clear();
  }

  /// Does it later, if the region still lives and is in the same epoch.
  void later(index region, std::function<void()> what) {
    events_.emplace_back([this, region, what = std::move(what),
                          life = at(region).life,
                          epoch = at(region).order.epoch] {
      if (at(region).life == life && at(region).order.epoch == epoch)
        what();
    });
  }

  void carry_out(const run_effects& effects) {
    for (const auto& effect : effects)
      std::visit([this](const auto& what) { obey(what); }, effect);
  }

  bool is_away(std::size_t place) {
    if (now_ >= places_[place].back)
      return false;
    core_.start_failed(place, {errc::unavailable, "the node is away"}, now_);
    return true;
  }

  void obey(const run_effect::start_region& what) {
    if (is_away(what.place))
      return;
    ++at(what.region).life;
    at(what.region).driver = std::make_unique<region_driver_core>(
        where_, what.region,
        region_options{.edge = options_.edge, .run_ahead = any(2)},
        options_.rules);
    core_.region_started(what.region);
  }

  void obey(const run_effect::start_keeper& what) {
    if (is_away(what.place))
      return;
    places_[what.place].keeper_present = true;
    core_.keeper_started(what.place);
  }

  void obey(const run_effect::begin_epoch& what) {
    if (!at(what.region).driver)
      return;
    at(what.region).order = what;
    at(what.region).began = false;
    later(what.region, [=, this] {
      carry_out(core_.region_ready(what.region, what.epoch, now_));
    });
  }

  void obey(const run_effect::go& what) {
    for (index region = 0; region < where_.regions(); ++region)
      if (at(region).driver && at(region).order.epoch == what.epoch)
        later(region, [=, this] { begin(region); });
  }

  void obey(const run_effect::forget_before& what) {
    for (auto& each : places_)
      each.keeper.forget_before(what.block);
  }

  /// A region may have gone since it stopped, which is still to be told.
  void obey(const run_effect::ended& what) {
    if (std::ranges::all_of(
            regions_, [](const auto& region) { return bool(region.driver); }))
      ended_ = what.how;
  }
  void obey(const run_effect::gave_up& what) { gave_up_ = what.why; }

  void begin(index region) {
    const auto& order = at(region).order;
    std::vector<double> cells;
    if (order.block > 0) {
      const auto state = fetch(region);
      if (!state)
        return core_.trouble(order.epoch, state.error(), now_);
      cells.resize(state->size() / sizeof(double));
      std::memcpy(cells.data(), state->data(), state->size());
    }
    at(region).began = true;
    act(region, at(region).driver->begin(order.block, cells));
  }

  result<std::vector<std::uint8_t>> fetch(index region) {
    const auto& order = at(region).order;
    result<std::vector<std::uint8_t>> state =
        fail(errc::not_found, "no keeper has it");
    for (auto place : order.from)
      if (!state)
        state = places_[place].keeper.get({region, order.block, 0, 0},
                                          band_bytes_max);
    return state;
  }

  void act(index region, region_effects effects) {
    for (auto& effect : effects)
      std::visit([&](auto& what) { act(region, what); }, effect);
  }

  void act(index region, region_effect::give_halo& what) {
    const auto epoch = at(region).order.epoch;
    events_.emplace_back([=, this] {
      halos_[{epoch, what.to, what.block, what.side}] = what.cells;
    });
  }

  void act(index region, region_effect::ask_halos& what) {
    later(region, [=, this] {
      const auto epoch = at(region).order.epoch;
      std::vector<halo_view> views;
      for (auto side : at(region).driver->cells().geometry().neighbours())
        if (auto halo = halos_.find({epoch, region, what.block, side});
            halo != halos_.end())
          views.push_back({side, halo->second});
      auto again = what;
      if (views.size()
          < at(region).driver->cells().geometry().neighbours().size())
        return act(region, again);
      auto effects = at(region).driver->halos_came(what.block, views);
      REQUIRE(effects);
      for (const auto& view : views)
        halos_.erase({epoch, region, what.block, view.side});
      act(region, *std::move(effects));
    });
  }

  void act(index region, region_effect::join_changes& what) {
    const auto epoch = at(region).order.epoch;
    auto& joined = tallies_[{epoch, what.block}];
    joined.changes.resize(what.changes.size());
    raise_changes(joined.changes, what.changes);
    if (++joined.reports < regions_.size())
      return;
    for (index other = 0; other < where_.regions(); ++other)
      if (at(other).driver && at(other).order.epoch == epoch)
        later(other, [=, this, changes = joined.changes] {
          act(other, at(other).driver->verdict_came(what.block, changes));
        });
    core_.progressed(epoch, what.block, now_);
  }

  void act(index region, region_effect::keep_state& what) {
    const auto& cells = at(region).driver->cells();
    const auto own = cells.geometry().own();
    std::vector<std::uint8_t> bytes;
    for (index row = 0; row < own.rows(); ++row) {
      const auto* first =
          reinterpret_cast<const std::uint8_t*>(cells.row(row).data());
      bytes.insert(bytes.end(), first,
                   first + cells.row(row).size() * sizeof(double));
    }
    later(region, [=, this, block = what.block] {
      const auto order = at(region).order;
      for (auto place : order.to) {
        if (!places_[place].keeper_present)
          return core_.trouble(order.epoch, {errc::timed_out, "no keeper"},
                               now_);
        REQUIRE(
            places_[place].keeper.put({region, block, 0, bytes.size()}, bytes));
      }
      later(region, [=, this] {
        carry_out(core_.state_kept(region, order.epoch, block, order.to, now_));
      });
      act(region, at(region).driver->kept(block));
    });
  }

  void act(index region, region_effect::stopped& what) {
    later(region, [=, this, epoch = at(region).order.epoch, how = what.how] {
      carry_out(core_.region_stopped(region, epoch, how));
    });
  }

  world_options options_;
  std::mt19937 random_;
  partition where_;
  coordinator_core::time_point now_{std::chrono::hours{1}};
  coordinator_core core_;
  std::vector<region_place> regions_;
  std::vector<place> places_;
  std::vector<std::function<void()>> events_;
  std::map<halo_key, std::vector<double>> halos_;
  std::map<block_key, tally> tallies_;
  std::optional<run_result> ended_;
  std::optional<failure> gave_up_;
};

void check_against_plain_loop(const world_options& options,
                              std::uint64_t& recoveries, std::uint64_t& kept) {
  INFO(fmt::format("seed {}, {} kills, halo depth {}", options.seed,
                   options.kills, options.request.halo_depth));
  auto expected = initial_grid(options.request.shape, options.edge);
  const auto how = iterate(expected, options.rules.until);
  recovery_world world{options};
  const auto got = world.run();
  CHECK(got.iterations == how.iterations);
  CHECK(got.converged == how.converged);
  CHECK(got.final_change == how.final_change);
  CHECK(world.gather().cells == expected.cells);
  recoveries += world.core().recoveries();
  kept += world.core().last_rollback() > 0 ? 1 : 0;
}

} // namespace

TEST_CASE("a run without losses gives the plain loop's array in one epoch") {
  std::uint64_t recoveries = 0;
  std::uint64_t kept = 0;
  for (index depth : {1, 3})
    for (std::uint64_t every : {0, 5})
      check_against_plain_loop({.request = {{20, 20}, 2, 2, depth},
                                .edge = {},
                                .rules = {{.threshold = 0.05}, every},
                                .seed = static_cast<unsigned>(depth * 10)},
                               recoveries, kept);
  CHECK(recoveries == 0);
}

TEST_CASE("runs that lose nodes give the plain loop's array") {
  std::uint64_t recoveries = 0;
  std::uint64_t kept = 0;
  for (unsigned seed = 1; seed <= 40; ++seed)
    check_against_plain_loop(
        {.request = {{14, 17}, 2, 3, seed % 4 + 1},
         .edge = {.top = 80, .bottom = -3, .left = 0.5, .right = 10},
         .rules = {{.threshold = 0.1, .iterations_max = 120},
                   seed % 5 == 0 ? 0U : 4U},
         .places = seed % 3 + 2,
         .kills = static_cast<int>(seed % 4 + 1),
         .away = std::chrono::milliseconds{seed % 2 * 300},
         .seed = seed},
        recoveries, kept);
  CHECK(recoveries > 20);
  CHECK(kept > 10);
}

TEST_CASE("a node that stays away loses its regions to the others") {
  std::uint64_t recoveries = 0;
  std::uint64_t kept = 0;
  check_against_plain_loop({.request = {{20, 20}, 4, 1, 1},
                            .edge = {},
                            .rules = {{.threshold = 0.02}, 5},
                            .places = 4,
                            .kills = 1,
                            .away = std::chrono::hours{1},
                            .seed = 7},
                           recoveries, kept);
  CHECK(recoveries > 0);
}

} // namespace weft::heat::test

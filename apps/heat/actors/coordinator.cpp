#include "apps/heat/actors/coordinator.hpp"

#include "apps/heat/actors/halo_tuples.hpp"
#include "apps/heat/actors/messages.hpp"
#include "apps/heat/actors/result_rows.hpp"
#include "apps/heat/core/convergence.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

namespace weft::heat {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds wait_slice{100};

/// How long actors may take to end.
constexpr std::chrono::seconds end_time_max{10};

/// The answer of one `take_all` has about so many bytes at most.
constexpr std::size_t leftover_bytes = std::size_t{8} << 20;

double seconds_of(clock::duration span) {
  return std::chrono::duration<double>{span}.count();
}

double seconds_of(std::int64_t nanoseconds) {
  return 1e-9 * static_cast<double>(nanoseconds);
}

class run_leader {
public:
  run_leader(caf::blocking_actor* self, const run_request& what,
             const partition& where, const run_seams& seams)
      : self_{self}, what_{what}, where_{where}, seams_{seams},
        core_{core_options(where, seams), clock::now()},
        regions_(static_cast<std::size_t>(where.regions())),
        keepers_(seams.places.size()), stopped_(regions_.size()) {}

  result<run_outcome> run(const sink_maker& sinks) {
    auto outcome = lead(sinks);
    end_actors();
    remove_tuples();
    return outcome;
  }

private:
  static coordinator_options core_options(const partition& where,
                                          const run_seams& seams) {
    coordinator_options options;
    options.regions = static_cast<std::size_t>(where.regions());
    options.places = seams.places.size();
    options.keeps_states = static_cast<bool>(seams.start_keeper);
    return options;
  }

  result<run_outcome> lead(const sink_maker& sinks) {
    for (;;) {
      if (auto ended = compute(); !ended)
        return pass_on(ended);
      auto takers = sinks();
      if (!takers)
        return pass_on(takers);
      if (takers->empty())
        return outcome();
      const result_rows rows{self_, where_, what_.edge, core_.epoch(),
                             regions_};
      auto read = rows.read(*takers);
      if (!read)
        return pass_on(read);
      if (!*read)
        return outcome();
      core_.trouble(core_.epoch(), **read, clock::now());
      ended_.reset();
    }
  }

  /// Until all regions have stopped.
  result<void> compute() {
    while (!ended_ && !gave_up_) {
      if (seams_.cancelled && seams_.cancelled())
        return fail(errc::cancelled, "the run was cancelled");
      failed_places_.clear();
      carry_out(core_.poll(clock::now()));
      if (!ended_ && !gave_up_)
        take_message(wait_slice);
    }
    if (gave_up_)
      return tl::unexpected(*gave_up_);
    return {};
  }

  void take_message(std::chrono::milliseconds time_max) {
    self_->receive(
        [this](const region_ready& came) {
          carry_out(core_.region_ready(came.region, came.epoch, clock::now()));
        },
        [this](const region_kept& came) {
          carry_out(core_.state_kept(came.region, came.epoch, came.block,
                                     {came.places.begin(), came.places.end()},
                                     clock::now()));
        },
        [this](const region_progressed& came) { progressed(came); },
        [this](const region_stopped& came) {
          if (came.epoch == core_.epoch())
            stopped_[static_cast<std::size_t>(came.region)] = came;
          carry_out(core_.region_stopped(
              came.region, came.epoch,
              {came.iterations, came.converged, came.final_change}));
        },
        [this](const region_troubled& came) {
          core_.trouble(came.epoch,
                        {static_cast<errc>(came.code), came.message},
                        clock::now());
        },
        [this](const caf::down_msg& down) { lost(down); },
        caf::after(time_max) >> [] {});
  }

  void carry_out(const run_effects& effects) {
    for (const auto& effect : effects)
      std::visit([this](const auto& what) { act(what); }, effect);
  }

  /// Asks no place again that has just failed, which takes its time.
  template <class Start>
  caf::strong_actor_ptr start(std::size_t place, Start start) {
    if (failed_places_.count(place) > 0)
      return nullptr;
    auto started = start();
    if (started)
      return *started;
    failed_places_.insert(place);
    core_.start_failed(place, started.error(), clock::now());
    return nullptr;
  }

  void act(const run_effect::start_region& what) {
    const auto started = start(what.place, [&] {
      return seams_.start_region(what.place, what.region);
    });
    if (!started)
      return;
    regions_[static_cast<std::size_t>(what.region)] = started;
    watch(started, {what.region, std::nullopt});
    core_.region_started(what.region);
  }

  void act(const run_effect::start_keeper& what) {
    const auto started =
        start(what.place, [&] { return seams_.start_keeper(what.place); });
    if (!started)
      return;
    keepers_[what.place] = started;
    watch(started, {0, what.place});
    send(self_, caf::actor_cast<keeper_actor>(started), start_atom_v,
         caf::actor_cast<caf::strong_actor_ptr>(self_));
    core_.keeper_started(what.place);
  }

  std::vector<keeper_at> keepers(const std::vector<std::size_t>& at) const {
    std::vector<keeper_at> chosen;
    for (auto place : at)
      chosen.push_back({static_cast<std::uint32_t>(place), keepers_[place]});
    return chosen;
  }

  void act(const run_effect::begin_epoch& what) {
    send_to_region(what.region,
                   begin_epoch{what.epoch, what.block, keepers(what.from),
                               keepers(what.to),
                               caf::actor_cast<caf::strong_actor_ptr>(self_)});
  }

  void act(const run_effect::go& what) {
    if (!began_)
      began_ = clock::now();
    for (index region = 0; region < where_.regions(); ++region)
      send_to_region(region, go_epoch{what.epoch});
  }

  void act(const run_effect::forget_before& what) {
    for (const auto& keeper : keepers_)
      if (keeper)
        send(self_, caf::actor_cast<keeper_actor>(keeper),
             forget_states{what.block});
  }

  void act(const run_effect::ended& what) {
    ended_ = what.how;
    ended_at_ = clock::now();
  }

  void act(const run_effect::gave_up& what) { gave_up_ = what.why; }

  template <class Message>
  void send_to_region(index region, Message what) {
    if (const auto& to = regions_[static_cast<std::size_t>(region)])
      send(self_, caf::actor_cast<region_actor>(to), std::move(what));
  }

  /// A region, or the keeper of a place.
  struct role {
    index region = 0;
    std::optional<std::size_t> place;
  };

  void watch(const caf::strong_actor_ptr& actor, const role& as) {
    roles_[caf::actor_cast<caf::actor_addr>(actor)] = as;
    watch_end(self_, actor);
  }

  void lost(const caf::down_msg& down) {
    const auto found = roles_.find(down.source);
    if (found == roles_.end())
      return;
    const auto role = found->second;
    roles_.erase(found);
    failure why{errc::unavailable, ""};
    if (role.place) {
      why.message = fmt::format("the keeper of node {} ended: {}",
                                seams_.places[*role.place].node,
                                describe_exit(down.reason));
      keepers_[*role.place] = nullptr;
      return core_.keeper_lost(*role.place, why, clock::now());
    }
    why.message = fmt::format("region {} on node {} ended: {}", role.region,
                              seams_.places[core_.place_of(role.region)].node,
                              describe_exit(down.reason));
    regions_[static_cast<std::size_t>(role.region)] = nullptr;
    core_.region_lost(role.region, why, clock::now());
    tell({.iterations = progress_.iterations,
          .iterations_max = progress_.iterations_max,
          .change = progress_.change,
          .share = progress_.share,
          .text = fmt::format("rolling back: {}", why.message)});
  }

  void tell(run_progress now) {
    progress_ = std::move(now);
    if (seams_.progress)
      seams_.progress(progress_);
  }

  void progressed(const region_progressed& came) {
    core_.progressed(came.epoch, came.block, clock::now());
    if (came.epoch != core_.epoch())
      return;
    const auto iterations = std::min<std::uint64_t>(came.block * depth(),
                                                    what_.until.iterations_max);
    tell({.iterations = iterations,
          .iterations_max = what_.until.iterations_max,
          .change = came.change,
          .share = share_done(iterations, came.change),
          .text = fmt::format("iteration {}, change {:.3g}", iterations,
                              came.change.value)});
  }

  std::uint64_t depth() const {
    return static_cast<std::uint64_t>(where_.halo_depth());
  }

  /// Changes fall by powers in the long run.
  double share_done(std::uint64_t iterations, double change) const {
    const auto counted = static_cast<double>(iterations)
                         / static_cast<double>(what_.until.iterations_max);
    const auto& edge = what_.edge;
    const auto first = std::max({std::abs(edge.top), std::abs(edge.bottom),
                                 std::abs(edge.left), std::abs(edge.right)})
                       / 4;
    const auto aim = what_.until.threshold;
    if (!(aim > 0) || !(change > 0) || !(first > aim))
      return std::min(counted, 1.0);
    const auto fallen = std::log(first / change) / std::log(first / aim);
    return std::clamp(std::max(counted, fallen), 0.0, 1.0);
  }

  run_outcome outcome() const {
    run_outcome made{.how = *ended_,
                     .seconds = seconds_of(ended_at_ - *began_),
                     .regions = {},
                     .recoveries = core_.recoveries(),
                     .checkpoints = core_.checkpoints(),
                     .rolled_back_to = core_.recoveries() > 0
                                           ? core_.last_rollback() * depth()
                                           : 0};
    std::vector<std::size_t> at(seams_.places.size());
    for (index region = 0; region < where_.regions(); ++region)
      ++at[core_.place_of(region)];
    for (index region = 0; region < where_.regions(); ++region) {
      const auto place = core_.place_of(region);
      const auto& times = stopped_[static_cast<std::size_t>(region)];
      const auto share =
          std::min(1.0, static_cast<double>(seams_.places[place].workers)
                            / static_cast<double>(at[place]));
      const auto compute = seconds_of(times.compute_ns);
      made.regions.push_back(
          {region, place, compute,
           std::max(seconds_of(times.total_ns) * share - compute,
                    seconds_of(times.handling_ns))});
    }
    return made;
  }

  void end_actors() {
    for (const auto& region : regions_)
      if (region)
        send(self_, caf::actor_cast<region_actor>(region), stop_atom_v);
    for (const auto& keeper : keepers_)
      if (keeper)
        send(self_, caf::actor_cast<keeper_actor>(keeper), stop_atom_v);
    const auto until = clock::now() + end_time_max;
    while (!roles_.empty() && clock::now() < until)
      self_->receive(
          [this](const caf::down_msg& down) { roles_.erase(down.source); },
          caf::after(wait_slice) >> [] {});
  }

  /// What blocks that were begun and not needed have left. What cannot be
  /// reached goes by its lease.
  void remove_tuples() {
    const auto cells = where_.cells_of(0);
    const auto halo =
        static_cast<std::size_t>(where_.halo_depth()
                                 * std::max(cells.rows(), cells.columns()))
        * sizeof(double);
    const auto at_once =
        std::clamp<std::size_t>(leftover_bytes / halo, 1, 1000);
    for (;;) {
      auto taken = seams_.space.take_all(tuples_of_run(seams_.run), at_once);
      if (!taken || taken->empty())
        return;
    }
  }

  caf::blocking_actor* self_;
  const run_request& what_;
  const partition& where_;
  const run_seams& seams_;
  coordinator_core core_;
  std::vector<caf::strong_actor_ptr> regions_;
  std::vector<caf::strong_actor_ptr> keepers_;
  std::vector<region_stopped> stopped_;
  std::map<caf::actor_addr, role> roles_;
  std::set<std::size_t> failed_places_;
  std::optional<run_result> ended_;
  std::optional<failure> gave_up_;
  std::optional<clock::time_point> began_;
  clock::time_point ended_at_{};
  run_progress progress_;
};

} // namespace

result<run_outcome> coordinate(caf::blocking_actor* self,
                               const run_request& what, const partition& where,
                               const run_seams& seams,
                               const sink_maker& sinks) {
  return run_leader{self, what, where, seams}.run(sinks);
}

} // namespace weft::heat

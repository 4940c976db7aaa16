#include "apps/heat/core/coordinator_core.hpp"

#include "runtime/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace weft::heat {

namespace {

/// A state is kept by so many places, if there are as many.
constexpr std::size_t copies = 2;

} // namespace

coordinator_core::coordinator_core(const coordinator_options& options,
                                   time_point now)
    : options_{options}, regions_(options.regions),
      places_(options.places), further_at_{now}, next_epoch_at_{now} {
  WEFT_ASSERT(options.regions > 0 && options.places > 0);
  for (std::size_t which = 0; which < regions_.size(); ++which)
    regions_[which].place = which * places_.size() / regions_.size();
  for (auto& each : places_)
    each.next_try = now;
}

run_effects coordinator_core::poll(time_point now) {
  run_effects effects;
  if (phase_ == phase::failed || phase_ == phase::over)
    return effects;
  const bool stuck = now - further_at_ > options_.run_patience;
  const bool nowhere = std::ranges::all_of(
      places_, [](const place& each) { return each.abandoned; });
  if (nowhere || (stuck && phase_ != phase::computing)) {
    phase_ = phase::failed;
    auto why = last_trouble_;
    if (recoveries_ > 0)
      why.message = fmt::format("{} (after {} attempts to recover)",
                                why.message, recoveries_);
    effects.emplace_back(run_effect::gave_up{std::move(why)});
    return effects;
  }
  if (phase_ != phase::gathering)
    return effects;
  start_missing(effects, now);
  if (effects.empty() && all_present() && now >= next_epoch_at_)
    begin(effects);
  return effects;
}

void coordinator_core::start_missing(run_effects& effects, time_point now) {
  for (std::size_t which = 0; which < places_.size(); ++which) {
    const auto& each = places_[which];
    if (options_.keeps_states && !each.abandoned && !each.keeper_present
        && now >= each.next_try)
      effects.emplace_back(run_effect::start_keeper{which});
  }
  for (std::size_t which = 0; which < regions_.size(); ++which) {
    const auto& each = regions_[which];
    if (!each.present && now >= places_[each.place].next_try)
      effects.emplace_back(
          run_effect::start_region{static_cast<index>(which), each.place});
  }
}

bool coordinator_core::all_present() const {
  return std::ranges::all_of(regions_,
                             [](const region& each) { return each.present; })
         && (!options_.keeps_states
             || std::ranges::all_of(places_, [](const place& each) {
                  return each.abandoned || each.keeper_present;
                }));
}

bool coordinator_core::usable(const holders& state) const {
  return std::ranges::none_of(state, [](const auto& of) { return of.empty(); });
}

std::vector<std::size_t> coordinator_core::keepers_for(std::size_t home) const {
  std::vector<std::size_t> chosen;
  for (std::size_t step = 0; step < places_.size() && chosen.size() < copies;
       ++step) {
    const auto which = (home + step) % places_.size();
    if (places_[which].keeper_present)
      chosen.push_back(which);
  }
  return chosen;
}

void coordinator_core::begin(run_effects& effects) {
  phase_ = phase::preparing;
  ++epoch_;
  std::uint64_t block = 0;
  if (auto found = states_.find(newest_);
      found != states_.end() && usable(found->second))
    block = newest_;
  std::erase_if(states_,
                [&](const auto& state) { return state.first != block; });
  newest_ = last_rollback_ = block;
  for (std::size_t which = 0; which < regions_.size(); ++which) {
    auto& each = regions_[which];
    each.ready = each.stopped = false;
    run_effect::begin_epoch order{.region = static_cast<index>(which),
                                  .epoch = epoch_,
                                  .block = block,
                                  .from = {},
                                  .to = keepers_for(each.place)};
    if (block > 0)
      order.from.assign(states_[block][which].begin(),
                        states_[block][which].end());
    effects.emplace_back(std::move(order));
  }
}

void coordinator_core::region_started(index region) {
  auto& each = regions_[static_cast<std::size_t>(region)];
  each.present = true;
  places_[each.place].failing_since.reset();
}

void coordinator_core::keeper_started(std::size_t place) {
  places_[place].keeper_present = true;
  places_[place].failing_since.reset();
}

void coordinator_core::start_failed(std::size_t which, const failure& why,
                                    time_point now) {
  auto& each = places_[which];
  last_trouble_ = why;
  each.next_try = now + options_.retry_pause;
  if (!each.failing_since)
    each.failing_since = now;
  // What is wrong with the order stays wrong.
  if (why.code == errc::invalid_argument || why.code == errc::not_found
      || why.code == errc::permission_denied) {
    abandon_all();
  } else if (now - *each.failing_since >= options_.place_patience) {
    abandon(which);
  }
}

std::size_t coordinator_core::least_used_place() const {
  std::vector<std::size_t> used(places_.size());
  for (const auto& each : regions_)
    ++used[each.place];
  std::size_t best = places_.size();
  for (std::size_t which = 0; which < places_.size(); ++which)
    if (!places_[which].abandoned
        && (best == places_.size() || used[which] < used[best]))
      best = which;
  return best;
}

void coordinator_core::abandon(std::size_t which) {
  places_[which].abandoned = true;
  for (auto& each : regions_) {
    if (each.place != which || each.present)
      continue;
    if (auto other = least_used_place(); other < places_.size())
      each.place = other;
  }
}

void coordinator_core::abandon_all() {
  phase_ = phase::gathering;
  for (auto& each : places_)
    each.abandoned = true;
}

void coordinator_core::forget_keeper(std::size_t place) {
  places_[place].keeper_present = false;
  for (auto& [block, state] : states_)
    for (auto& of : state)
      of.erase(place);
}

void coordinator_core::region_lost(index region, const failure& why,
                                   time_point now) {
  auto& each = regions_[static_cast<std::size_t>(region)];
  each.present = false;
  places_[each.place].next_try = now + options_.retry_pause;
  recover(why, now);
  if (!std::exchange(each.ready, false)
      && ++each.early_ends >= options_.early_ends_max)
    abandon_all();
}

void coordinator_core::keeper_lost(std::size_t place, const failure& why,
                                   time_point now) {
  forget_keeper(place);
  places_[place].next_try = now + options_.retry_pause;
  recover(why, now);
}

void coordinator_core::recover(const failure& why, time_point now) {
  last_trouble_ = why;
  if (phase_ == phase::gathering || phase_ == phase::failed)
    return;
  // An epoch that lasted is not one of a row of failures.
  const bool lasted = phase_ == phase::computing
                      && now - computing_since_ > options_.run_patience;
  phase_ = phase::gathering;
  ++recoveries_;
  if (!failed_once_ || lasted)
    further_at_ = now;
  failed_once_ = true;
  next_epoch_at_ = now + options_.retry_pause;
}

void coordinator_core::got_further(time_point now) {
  failed_once_ = false;
  further_at_ = now;
}

run_effects coordinator_core::region_ready(index region, std::uint64_t epoch,
                                           time_point now) {
  run_effects effects;
  if (epoch != epoch_ || phase_ != phase::preparing)
    return effects;
  regions_[static_cast<std::size_t>(region)].ready = true;
  if (std::ranges::all_of(regions_,
                          [](const auto& each) { return each.ready; })) {
    phase_ = phase::computing;
    computing_since_ = now;
    if (!failed_once_)
      further_at_ = now;
    effects.emplace_back(run_effect::go{epoch_});
  }
  return effects;
}

run_effects coordinator_core::state_kept(index region, std::uint64_t epoch,
                                         std::uint64_t block,
                                         const std::vector<std::size_t>& places,
                                         time_point now) {
  run_effects effects;
  if (epoch != epoch_ || phase_ != phase::computing || block < newest_)
    return effects;
  auto& state = states_[block];
  state.resize(regions_.size());
  for (auto place : places)
    if (places_[place].keeper_present)
      state[static_cast<std::size_t>(region)].insert(place);
  if (block == newest_ || !usable(state))
    return effects;
  newest_ = block;
  ++checkpoints_;
  std::erase_if(states_,
                [&](const auto& older) { return older.first < block; });
  got_further(now);
  effects.emplace_back(run_effect::forget_before{block});
  return effects;
}

void coordinator_core::progressed(std::uint64_t epoch, std::uint64_t block,
                                  time_point now) {
  if (epoch != epoch_ || block <= furthest_)
    return;
  furthest_ = block;
  got_further(now);
}

run_effects coordinator_core::region_stopped(index region, std::uint64_t epoch,
                                             const run_result& how) {
  run_effects effects;
  if (epoch != epoch_ || phase_ != phase::computing)
    return effects;
  regions_[static_cast<std::size_t>(region)].stopped = true;
  if (std::ranges::all_of(regions_,
                          [](const auto& each) { return each.stopped; })) {
    phase_ = phase::over;
    effects.emplace_back(run_effect::ended{how});
  }
  return effects;
}

void coordinator_core::trouble(std::uint64_t epoch, const failure& why,
                               time_point now) {
  if (epoch == epoch_)
    recover(why, now);
}

} // namespace weft::heat

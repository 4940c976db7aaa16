#include "apps/heat/core/region_driver_core.hpp"

#include "runtime/base/assert.hpp"

#include <utility>

namespace weft::heat {

region_driver_core::region_driver_core(const partition& where, index region,
                                       const region_options& options,
                                       const run_rules& rules)
    : where_(where), region_(region), rules_(rules),
      run_ahead_(options.run_ahead), core_(where, region, options) {}

region_effects region_driver_core::begin(std::uint64_t block,
                                         std::span<const double> cells) {
  if (block > 0)
    core_.restore(block, cells);
  else if (!untouched_)
    core_.restore(0, std::vector<double>(static_cast<std::size_t>(
                         core_.geometry().own().cells())));
  untouched_ = under_way_ = keeping_ = false;
  due_ = piece::none;
  kept_.reset();
  verdicts_.clear();
  next_verdict_ = block;
  result_.reset();
  region_effects effects;
  advance(effects);
  return effects;
}

bool region_driver_core::may_begin(region_effects& effects) {
  if (result_ || under_way_ || core_.undecided() > run_ahead_)
    return false;
  const auto block = core_.block();
  if (levels_of_block(block, where_.halo_depth(), rules_.until) == 0)
    return false;
  const bool to_keep = rules_.checkpoint_blocks > 0 && block > 0
                       && block % rules_.checkpoint_blocks == 0
                       && kept_ != block;
  if (!to_keep)
    return true;
  if (core_.undecided() > 0 || keeping_)
    return false;
  kept_ = block;
  keeping_ = true;
  effects.emplace_back(region_effect::keep_state{block});
  return true;
}

void region_driver_core::advance(region_effects& effects) {
  if (!may_begin(effects))
    return;
  core_.begin_block(
      levels_of_block(core_.block(), where_.halo_depth(), rules_.until));
  under_way_ = true;
  due_ = piece::interior;
  exchange(effects);
}

void region_driver_core::exchange(region_effects& effects) {
  const auto& sides = core_.geometry().neighbours();
  for (auto side : sides)
    effects.emplace_back(
        region_effect::give_halo{.to = *where_.neighbour(region_, side),
                                 .side = opposite(side),
                                 .block = core_.block(),
                                 .cells = core_.halo_for(side)});
  if (!sides.empty())
    effects.emplace_back(region_effect::ask_halos{core_.block()});
}

result<region_effects>
region_driver_core::halos_came(std::uint64_t block,
                               std::span<const halo_view> halos) {
  if (!under_way_ || block != core_.block())
    return region_effects{};
  for (const auto& halo : halos)
    if (auto taken = core_.receive(block, halo.side, halo.cells); !taken)
      return pass_on(taken);
  if (!core_.halos_complete())
    return fail(errc::invalid_argument, "halos of some neighbours are missing");
  if (due_ == piece::none)
    due_ = piece::rest;
  return region_effects{};
}

region_effects region_driver_core::work() {
  WEFT_ASSERT(has_work());
  region_effects effects;
  if (due_ == piece::interior) {
    core_.sweep_interior();
    due_ = core_.halos_complete() ? piece::rest : piece::none;
    return effects;
  }
  const auto block = core_.block();
  const auto changes = core_.finish_block();
  due_ = piece::none;
  under_way_ = false;
  effects.emplace_back(
      region_effect::join_changes{block, {changes.begin(), changes.end()}});
  advance(effects);
  return effects;
}

void region_driver_core::judge(region_effects& effects) {
  for (auto next = verdicts_.find(next_verdict_);
       next != verdicts_.end() && !result_;
       next = verdicts_.find(next_verdict_)) {
    const auto block = next->first;
    result_ =
        judge_block(block, where_.halo_depth(), next->second, rules_.until);
    verdicts_.erase(next);
    ++next_verdict_;
    if (!result_) {
      core_.go_on();
      continue;
    }
    core_.stop_at(block,
                  level_in_block(result_->iterations, where_.halo_depth()));
    under_way_ = false;
    due_ = piece::none;
    effects.emplace_back(region_effect::stopped{*result_});
  }
}

region_effects region_driver_core::verdict_came(std::uint64_t block,
                                                std::vector<double> changes) {
  region_effects effects;
  if (result_ || block < next_verdict_)
    return effects;
  verdicts_.emplace(block, std::move(changes));
  judge(effects);
  advance(effects);
  return effects;
}

region_effects region_driver_core::kept(std::uint64_t block) {
  region_effects effects;
  if (!keeping_ || kept_ != block)
    return effects;
  keeping_ = false;
  advance(effects);
  return effects;
}

} // namespace weft::heat

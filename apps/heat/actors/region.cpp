#include "apps/heat/actors/region.hpp"

#include "actors/hop.hpp"
#include "runtime/base/assert.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <variant>

namespace weft::heat {

namespace {

using namespace std::chrono_literals;

/// A halo that nobody fetched is gone after this, should its run be cut off.
constexpr std::chrono::nanoseconds halo_lease = 30min;

/// Longer than any block takes. The loss of a node is noticed by other means.
constexpr std::chrono::nanoseconds exchange_time_max = 10min;
constexpr std::chrono::nanoseconds keeper_time_max = 30s;

/// One write has about so much content at most.
constexpr std::size_t batch_bytes_max = std::size_t{16} << 20;

constexpr std::chrono::milliseconds progress_pause{100};

/// Whoever started a region and does not say anything has lost it.
constexpr std::chrono::nanoseconds silence_max = 1min;

std::int64_t nanoseconds_of(std::chrono::steady_clock::duration span) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(span).count();
}

} // namespace

template <class Message>
void region_state::tell(Message what) {
  if (order_.coordinator)
    send(self_, caf::actor_cast<coordinator_inbox>(order_.coordinator),
         std::move(what));
}

template <class Work>
void region_state::in_epoch(std::uint64_t asked, Work work) {
  if (asked != now_.epoch || troubled_)
    return;
  const auto begin = clock::now();
  const auto computed = computing_;
  work();
  handling_ += clock::now() - begin - (computing_ - computed);
}

void region_state::fail_epoch(const failure& why) {
  if (std::exchange(troubled_, true))
    return;
  tell(region_troubled{setup_->region, now_.epoch,
                       static_cast<std::uint8_t>(why.code), why.message});
}

void region_state::set_up(region_pointer self, region_setup setup) {
  self_ = self;
  setup_.emplace(std::move(setup));
  now_.run = setup_->run;
  now_.homes = setup_->homes;
  driver_.emplace(setup_->where, setup_->region, setup_->options,
                  setup_->rules);
}

void region_state::begin(const begin_epoch& order) {
  if (order.coordinator && order.coordinator != order_.coordinator)
    watched_.watch(self_, order.coordinator,
                   [self = self_](const caf::error&) { self->quit(); });
  order_ = order;
  now_.epoch = order.epoch;
  troubled_ = false;
  sending_.reset();
  writes_under_way_ = 0;
  result_.reset();
  fetched_.clear();
  if (order_.block == 0)
    ready();
  else
    fetch_piece(0);
}

void region_state::fetch_piece(std::size_t holder) {
  if (holder >= order_.from.size())
    return fail_epoch(
        {errc::unavailable,
         fmt::format("no keeper has the state of region {}", setup_->region)});
  const auto total =
      static_cast<std::uint64_t>(driver_->cells().geometry().own().cells())
      * sizeof(double);
  const fetch_band wanted{{.region = setup_->region,
                           .block = order_.block,
                           .offset = fetched_.size(),
                           .bytes_total = total},
                          band_bytes_max};
  request(self_, caf::actor_cast<keeper_actor>(order_.from[holder].keeper),
          keeper_time_max, wanted)
      .then(
          [=, this,
           epoch = now_.epoch](const std::vector<std::uint8_t>& piece) {
            in_epoch(epoch, [&] {
              fetched_.insert(fetched_.end(), piece.begin(), piece.end());
              if (fetched_.size() >= total)
                ready();
              else if (piece.empty())
                fetch_piece(holder + 1);
              else
                fetch_piece(holder);
            });
          },
          [=, this, epoch = now_.epoch](const caf::error&) {
            in_epoch(epoch, [&] { fetch_piece(holder + 1); });
          });
}

void region_state::ready() {
  tell(region_ready{setup_->region, now_.epoch});
}

void region_state::go(std::uint64_t epoch) {
  in_epoch(epoch, [&] {
    started_ = clock::now();
    computing_ = handling_ = {};
    std::vector<double> cells(fetched_.size() / sizeof(double));
    if (!cells.empty())
      std::memcpy(cells.data(), fetched_.data(), cells.size() * sizeof(double));
    fetched_ = {};
    carry_out(driver_->begin(order_.block, cells));
    compute();
  });
}

void region_state::compute() {
  while (!troubled_ && driver_->has_work()) {
    const auto begin = clock::now();
    auto effects = driver_->work();
    computing_ += clock::now() - begin;
    carry_out(std::move(effects));
  }
}

void region_state::carry_out(region_effects effects) {
  std::vector<halo_batch> batches;
  for (auto& effect : effects)
    if (const auto* halo = std::get_if<region_effect::give_halo>(&effect))
      add_halo(batches, *halo);
  for (auto& batch : batches)
    write(std::move(batch));
  for (auto& effect : effects)
    if (!troubled_)
      std::visit([this](auto& what) { act(what); }, effect);
}

void region_state::add_halo(std::vector<halo_batch>& batches,
                            const region_effect::give_halo& what) const {
  const auto home = now_.homes.of(what.to);
  auto tuple = halo_tuple(now_, what);
  const auto bytes = tuple.content_bytes();
  auto found = std::ranges::find_if(batches, [&](const halo_batch& batch) {
    return batch.home == home && batch.bytes + bytes <= batch_bytes_max;
  });
  if (found == batches.end())
    found = batches.insert(found, halo_batch{home, 0, {}});
  found->bytes += bytes;
  found->tuples.push_back({std::move(tuple), halo_lease});
}

void region_state::write(halo_batch batch) {
  using keys = result<std::vector<tuple_key>>;
  ++writes_under_way_;
  setup_->space.in(self_)
      .write_all(std::move(batch.tuples))
      .then([this, epoch = now_.epoch](const keys& written) {
        in_epoch(epoch, [&] {
          --writes_under_way_;
          if (!written)
            fail_epoch(written.error());
          else
            tell_stopped();
        });
      });
}

void region_state::act(region_effect::ask_halos& what) {
  using found = result<std::optional<std::vector<spaces::tuple>>>;
  setup_->space.in(self_)
      .collect(halo_patterns(now_, setup_->region, what.block,
                             driver_->cells().geometry().neighbours()),
               exchange_time_max)
      .then([this, epoch = now_.epoch, block = what.block](const found& halos) {
        in_epoch(epoch, [&] {
          if (result_)
            return;
          if (!halos)
            fail_epoch(halos.error());
          else if (!*halos)
            fail_epoch({errc::timed_out,
                        fmt::format("the halos of region {} for block {} did "
                                    "not come",
                                    setup_->region, block)});
          else
            took_halos(block, **halos);
        });
      });
}

void region_state::took_halos(std::uint64_t block,
                              const std::vector<spaces::tuple>& halos) {
  std::vector<halo_view> views;
  views.reserve(halos.size());
  for (const auto& halo : halos)
    views.push_back(halo_of(halo));
  auto effects = driver_->halos_came(block, views);
  if (!effects)
    return fail_epoch(effects.error());
  carry_out(*std::move(effects));
  compute();
}

void region_state::act(region_effect::join_changes& what) {
  setup_->space.in(self_)
      .reduce(reduction_name(now_, what.block), std::to_string(setup_->region),
              static_cast<std::size_t>(setup_->where.regions()),
              spaces::reduce_operation::max,
              spaces::value{std::move(what.changes)}, exchange_time_max)
      .then([this, epoch = now_.epoch,
             block = what.block](const result<spaces::value>& joined) {
        in_epoch(epoch, [&] {
          if (result_)
            return;
          if (!joined)
            fail_epoch(joined.error());
          else
            took_verdict(block, *joined);
        });
      });
}

void region_state::took_verdict(std::uint64_t block,
                                const spaces::value& joined) {
  const auto* changes = std::get_if<spaces::f64_array>(&joined.is);
  if (!changes || changes->empty())
    return fail_epoch({errc::internal, "the space joined no changes"});
  const auto last = changes->back();
  carry_out(driver_->verdict_came(block, *changes));
  tell_progress(block, last);
  compute();
}

void region_state::tell_progress(std::uint64_t block, double change) {
  const auto now = clock::now();
  if (setup_->region != 0 || now - told_progress_ < progress_pause)
    return;
  told_progress_ = now;
  tell(region_progressed{now_.epoch, block + 1, change});
}

void region_state::act(region_effect::stopped& what) {
  result_ = what.how;
  tell_stopped();
}

void region_state::tell_stopped() {
  if (!result_ || writes_under_way_ > 0)
    return;
  tell(region_stopped{
      .region = setup_->region,
      .epoch = now_.epoch,
      .iterations = result_->iterations,
      .converged = result_->converged,
      .final_change = result_->final_change,
      .compute_ns = nanoseconds_of(computing_),
      .handling_ns = nanoseconds_of(handling_),
      .total_ns = nanoseconds_of(clock::now() - started_),
  });
}

/// Some of its own cells, row-major.
std::vector<std::uint8_t> region_state::bytes_of(const rectangle& part) const {
  const auto& cells = driver_->cells();
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(part.cells())
                                  * sizeof(double));
  auto* next = bytes.data();
  for (auto row = part.row_begin; row < part.row_end; ++row) {
    const auto from =
        cells.row(row).subspan(static_cast<std::size_t>(part.column_begin),
                               static_cast<std::size_t>(part.columns()));
    std::memcpy(next, from.data(), from.size_bytes());
    next += from.size_bytes();
  }
  return bytes;
}

void region_state::act(region_effect::keep_state& what) {
  sending_ = std::make_shared<sending>(
      sending{what.block, bytes_of(driver_->cells().geometry().own()),
              order_.to.size()});
  if (order_.to.empty())
    return fail_epoch({errc::unavailable, "no keeper is there"});
  for (const auto& keeper : order_.to)
    send_piece(sending_, keeper, 0);
}

void region_state::send_piece(const std::shared_ptr<const sending>& what,
                              const keeper_at& to, std::size_t offset) {
  if (offset >= what->bytes.size())
    return kept_by_one();
  const auto size = std::min(band_bytes_max, what->bytes.size() - offset);
  const auto first = what->bytes.begin() + static_cast<std::ptrdiff_t>(offset);
  keep_band piece{{.region = setup_->region,
                   .block = what->block,
                   .offset = offset,
                   .bytes_total = what->bytes.size()},
                  {first, first + static_cast<std::ptrdiff_t>(size)}};
  request(self_, caf::actor_cast<keeper_actor>(to.keeper), keeper_time_max,
          std::move(piece))
      .then(
          [=, this, epoch = now_.epoch](bool) {
            in_epoch(epoch, [&] { send_piece(what, to, offset + size); });
          },
          [this, epoch = now_.epoch](const caf::error& why) {
            in_epoch(epoch, [&] { fail_epoch(from_caf(why)); });
          });
}

void region_state::kept_by_one() {
  if (--sending_->keepers_left > 0)
    return;
  region_kept report{setup_->region, now_.epoch, sending_->block, {}};
  for (const auto& keeper : order_.to)
    report.places.push_back(keeper.place);
  tell(std::move(report));
  const auto block = sending_->block;
  sending_.reset();
  carry_out(driver_->kept(block));
  compute();
}

result<std::vector<std::uint8_t>>
region_state::read(const read_cells& wanted) const {
  if (wanted.epoch != now_.epoch || !result_)
    return fail(errc::not_found,
                fmt::format("region {} has no result of epoch {}",
                            setup_->region, wanted.epoch));
  const auto own = driver_->cells().geometry().own();
  const rectangle asked{wanted.row, wanted.row + wanted.rows, wanted.column,
                        wanted.column + wanted.columns};
  const auto bytes = static_cast<std::size_t>(asked.cells()) * sizeof(double);
  if (asked.empty() || intersection(asked, own) != asked
      || bytes > band_bytes_max)
    return fail(errc::invalid_argument,
                fmt::format("{} x {} cells at ({}, {}) of region {}: expected "
                            "at most {} bytes inside of it",
                            wanted.rows, wanted.columns, wanted.row,
                            wanted.column, setup_->region, band_bytes_max));
  return bytes_of(asked);
}

region_actor::behavior_type run_region(region_pointer self,
                                       region_setup setup) {
  state(self).set_up(self, std::move(setup));
  actors::run_after(self, silence_max, [self] {
    if (!state(self).belongs_to_a_run())
      self->quit();
  });
  return {
      [self](const begin_epoch& order) { state(self).begin(order); },
      [self](const go_epoch& order) { state(self).go(order.epoch); },
      [self](
          const read_cells& wanted) -> caf::result<std::vector<std::uint8_t>> {
        auto cells = state(self).read(wanted);
        if (!cells)
          return to_caf(cells.error());
        return std::move(*cells);
      },
      [self](stop_atom) { self->quit(); },
      [](const actors::hop& work) { work.run(); },
  };
}

} // namespace weft::heat

#pragma once

#include "actors/space/space.hpp"
#include "apps/heat/actors/halo_tuples.hpp"
#include "apps/heat/actors/messages.hpp"
#include "apps/heat/core/region_driver_core.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace weft::heat {

/// What a region's actor is made of.
struct region_setup {
  partition where;
  index region = 0;
  region_options options;
  run_rules rules;
  std::int64_t run = 0;
  region_homes homes;
  weft::space space;
};

class region_state;

using region_pointer = region_actor::stateful_pointer<region_state>;

/// One region as an actor: carries out what its driver wants done, by the
/// space and by keepers, and never waits. Whatever fails, it tells the
/// coordinator, and then waits for the next epoch.
class region_state {
public:
  static inline const char* name = "heat.region";

  region_state() = default;

  void set_up(region_pointer self, region_setup setup);
  void begin(const begin_epoch& order);
  void go(std::uint64_t epoch);
  result<std::vector<std::uint8_t>> read(const read_cells& wanted) const;
  bool belongs_to_a_run() const { return order_.coordinator != nullptr; }

private:
  using clock = std::chrono::steady_clock;

  /// A state on its way to keepers.
  struct sending {
    std::uint64_t block = 0;
    std::vector<std::uint8_t> bytes;
    std::size_t keepers_left = 0;
  };

  /// Halos for regions that are at home on one shard.
  struct halo_batch {
    index home = 0;
    std::size_t bytes = 0;
    std::vector<spaces::new_tuple> tuples;
  };

  void carry_out(region_effects effects);
  void add_halo(std::vector<halo_batch>& batches,
                const region_effect::give_halo& what) const;
  void write(halo_batch batch);
  /// Written already, together with others.
  void act(region_effect::give_halo&) {}
  void act(region_effect::ask_halos& what);
  void act(region_effect::join_changes& what);
  void act(region_effect::keep_state& what);
  void act(region_effect::stopped& what);
  void compute();
  void took_halos(std::uint64_t block, const std::vector<spaces::tuple>& halos);
  void took_verdict(std::uint64_t block, const spaces::value& joined);
  void tell_progress(std::uint64_t block, double change);
  void tell_stopped();

  std::vector<std::uint8_t> bytes_of(const rectangle& part) const;
  void send_piece(const std::shared_ptr<const sending>& what,
                  const keeper_at& to, std::size_t offset);
  void kept_by_one();
  void fetch_piece(std::size_t holder);
  void ready();

  void fail_epoch(const failure& why);
  template <class Message>
  void tell(Message what);
  /// Runs `work`, unless the epoch in which it was asked for is over.
  template <class Work>
  void in_epoch(std::uint64_t asked, Work work);

  region_pointer self_ = nullptr;
  std::optional<region_setup> setup_;
  std::optional<region_driver_core> driver_;
  monitors watched_;
  begin_epoch order_;
  run_epoch now_;
  bool troubled_ = false;
  std::vector<std::uint8_t> fetched_;
  std::shared_ptr<sending> sending_;
  std::size_t writes_under_way_ = 0;
  std::optional<run_result> result_;
  clock::time_point started_{};
  clock::time_point told_progress_{};
  clock::duration computing_{};
  clock::duration handling_{};
};

/// The behaviour of a region.
region_actor::behavior_type run_region(region_pointer self, region_setup setup);

} // namespace weft::heat

#pragma once

#include "tests/simulation/spaces/cluster.hpp"
#include "tests/support/checkers/history.hpp"

#include <map>
#include <set>

namespace weft::spaces::simulation {

using checkers::client_id;
using checkers::operation;
using checkers::outcome;
using checkers::verb;

/// One life of one shard: what a history of the checkers is about.
struct life_name {
  std::size_t shard = 0;
  std::size_t life = 0;

  friend auto operator<=>(const life_name&, const life_name&) = default;
};

/// Sorts what clients saw into one history for each life of each shard. Each
/// life is a space of its own: it begins empty, and what it held is gone with
/// it.
///
/// A client that was dropped by one shard has lost its claims there and
/// nothing else; so it has a name of its own for each shard and each time that
/// the shard dropped it.
class observed_histories {
public:
  explicit observed_histories(std::size_t shards) : shards_(shards) {}

  /// The names that the client has now, one for each shard.
  std::vector<client_id> names_of(std::uint64_t user);
  /// The shard has dropped the user: claims of its present name may end.
  void on_dropped(std::uint64_t user, std::size_t shard, checkers::tick now);
  void on_died(std::uint64_t user, checkers::tick now);

  /// What certainly was in this life.
  void add(const life_name& where, operation what,
           const std::vector<client_id>& names);
  /// What was in any life of the shard that it may have come to, if at all.
  void add_anywhere(std::size_t shard, operation what,
                    const std::vector<client_id>& names);

  /// The histories of all lives; of those that live still, with what they
  /// hold.
  std::map<life_name, checkers::history>
  finish(cluster& of, const virtual_time& time,
         const std::function<std::uint64_t(const tuple&)>& number_of);

private:
  struct entry {
    operation what;
    /// One life, or any of the shard.
    std::optional<std::size_t> life;
  };

  struct shard_entries {
    std::map<std::uint64_t, client_id> names;
    std::vector<checkers::death> deaths;
    std::vector<entry> entries;
  };

  client_id name_at(std::uint64_t user, std::size_t shard);
  checkers::history history_of(const life_name& where,
                               const shard_life& life) const;

  std::vector<shard_entries> shards_;
  client_id last_name_ = 0;
};

} // namespace weft::spaces::simulation

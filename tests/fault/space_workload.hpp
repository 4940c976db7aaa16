#pragma once

#include "actors/space/space.hpp"
#include "tests/support/checkers/recorded_history.hpp"

#include <chrono>
#include <random>
#include <unordered_map>
#include <vector>

namespace weft::fault {

/// Tuples are (bucket, group, id): the bucket decides the shard, the id is
/// unique among all clients that there ever are.
struct tuple_groups {
  /// More than 1, up to 255 of each. The first group is the one that clients
  /// wait for: more is taken from it than written.
  std::uint8_t groups = 16;
  std::uint8_t buckets = 32;
};

/// A call as it is recorded and as it is sent.
struct planned_call {
  checkers::record recorded;
  actors::space_request request;
};

std::vector<checkers::record> records_of(const std::vector<planned_call>& plan);
std::vector<actors::space_request> requests_of(std::vector<planned_call> plan);

/// Takes the oldest tuple of a bucket, if there is one.
planned_call plan_take(std::uint8_t group, std::uint8_t bucket);

/// The answer as it is recorded. Throws `std::runtime_error` for one that no
/// space gives to a call of a workload.
checkers::record record_of(const spaces::space_answer& answer);

struct workload_options {
  std::uint64_t seed = 1;
  tuple_groups tuples;
  std::size_t batch = 256;
  /// Of claims.
  std::chrono::nanoseconds lease{std::chrono::seconds{1}};
};

/// What one client does to a space, a batch of calls at a time: writes, reads,
/// takes, swaps and claims, of single buckets and over all shards; in some
/// batches it waits for what others write. Claims are held for some batches,
/// then confirmed, with or without a result, or released. As much is removed
/// as written.
class space_workload {
public:
  space_workload(checkers::client_id client, const workload_options& options);

  /// Plan, carry out, note; then the next.
  std::vector<planned_call> plan_batch();
  /// Releases all claims that are held.
  std::vector<planned_call> plan_end();
  /// The answers to what was planned last, in its order; returns them as they
  /// are to be recorded.
  std::vector<checkers::record>
  note(const std::vector<checkers::record>& calls,
       const std::vector<spaces::space_answer>& answers);

private:
  struct held_claim {
    claim_key key;
    std::uint8_t group = 0;
    std::uint8_t bucket = 0;
  };

  std::uint32_t below(std::uint32_t bound);
  std::uint64_t new_tuple();
  planned_call plan_call(bool waits);
  planned_call plan_write();
  planned_call plan_asking(bool waits);
  planned_call plan_finish(std::uint32_t number, const held_claim& held);
  planned_call plan_release(std::uint32_t number, const held_claim& held);
  void plan_finishes(std::vector<planned_call>& plan);
  void note_effect(const checkers::record& call, const checkers::record& answer,
                   const spaces::space_answer& given);

  checkers::client_id client_;
  workload_options options_;
  std::mt19937_64 random_;
  std::uint64_t batches_ = 0;
  std::uint32_t tuples_ = 0;
  std::uint32_t claims_ = 0;
  /// Tuples written less those removed.
  std::int64_t balance_ = 0;
  /// By number.
  std::unordered_map<std::uint32_t, held_claim> held_;
};

} // namespace weft::fault

#pragma once

#include "runtime/base/result.hpp"
#include "tests/support/checkers/history.hpp"

#include <span>
#include <string>
#include <vector>

/// Histories as clients write them to files while they run: what was asked is
/// in the file before it is sent, so that whatever kills the client leaves a
/// file that says what it may have done.
namespace weft::checkers {

enum class record_kind : std::uint8_t {
  /// Begins a file. `number`: the client's process; `group`: how many groups
  /// of tuples there are; `code`: 1 for the client that empties the space at
  /// the end; `value`: how long its claims last.
  opening = 1,
  /// The `number` calls that follow are about to be sent; `value`: the time.
  asked,
  /// `code`: the verb; `number`: of the claim; `value`: the tuple that is
  /// written, or 0.
  call,
  /// What follows are the `number` answers to the calls that were asked last,
  /// in their order; `value`: the time.
  answered,
  /// `code`: the outcome; `number`: the error code of one that failed;
  /// `value`: the tuple, or 0 for none; `group` and `bucket` are the tuple's.
  answer,
  /// The client has ended by itself: it waits for nothing and claims nothing.
  closing,
};

/// One step of a client, 16 bytes. Tuples belong to a group and, within it, to
/// a bucket; calls ask for those of one group, of one bucket or `any_bucket`.
/// Times and durations are nanoseconds on the machine's steady clock.
struct record {
  record_kind kind = record_kind::closing;
  std::uint8_t code = 0;
  std::uint8_t group = 0;
  std::uint8_t bucket = 0;
  std::uint32_t number = 0;
  std::uint64_t value = 0;

  bool operator==(const record&) const = default;
};
static_assert(sizeof(record) == 16);

constexpr std::uint8_t any_bucket = 255;

struct recorded_client {
  client_id id = 0;
  std::vector<record> records;

  const record& opening() const { return records.front(); }
  bool ended_by_itself() const {
    return records.back().kind == record_kind::closing;
  }
};

/// The client whose file this is; what was written of a record that is not
/// whole is left out. Fails with `io`, or with `invalid_argument` when it does
/// not begin with an opening or has records in an order that makes no sense.
result<recorded_client> read_recorded(const std::string& path, client_id id);

/// The calls of a client on tuples of one group. Claims are numbered by client
/// and number. A batch that is not recorded as a whole was never sent; answers
/// that are missing are unknown. O(records).
std::vector<operation> operations_of(const recorded_client& client,
                                     std::uint8_t group);

} // namespace weft::checkers

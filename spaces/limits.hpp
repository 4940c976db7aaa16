#pragma once

#include <chrono>
#include <cstddef>

/// What a space takes and what it refuses; the message of a refusal names the
/// limit and what was got.
namespace weft::spaces {

using duration = std::chrono::nanoseconds;

/// Time of the caller's monotonic clock; the spaces read none themselves.
using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;

/// Fields of a tuple or a pattern, at least 1.
inline constexpr std::size_t fields_max = 1000;

/// Content of a tuple or a pattern: strings and bytes count their bytes,
/// numbers and elements of arrays 8, null and bool 1, elements of lists 16
/// more than their own content.
inline constexpr std::size_t tuple_bytes_max = std::size_t{16} << 20;

/// Lists within lists; a list of numbers has depth 1.
inline constexpr std::size_t list_depth_max = 32;

/// Alternatives of one one-of matcher, at least 1.
inline constexpr std::size_t one_of_max = 1000;

/// Tuples of a batch.
inline constexpr std::size_t batch_tuples_max = 10'000;

/// Content of all tuples of a batch.
inline constexpr std::size_t batch_bytes_max = std::size_t{64} << 20;

/// Content of one call, and of its answer.
inline constexpr std::size_t call_bytes_max = std::size_t{80} << 20;

/// Patterns of one collect, at least 1.
inline constexpr std::size_t collect_patterns_max = 64;

/// Tuples that one read_all, take_all or claim_all may ask for, at least 1.
inline constexpr std::size_t answer_tuples_max = 10'000;

/// The longest a blocking operation may wait.
inline constexpr duration timeout_max = std::chrono::hours{1};

/// The longest lease of a tuple or of a claim; a lease is above zero.
inline constexpr duration lease_max = std::chrono::hours{24 * 30};

/// Events that a watcher's buffer may be asked to hold, at least 1.
inline constexpr std::size_t watch_events_max = 100'000;

/// Participants of a barrier or a reduction, at least 1.
inline constexpr std::size_t parties_max = 100'000;

/// Elements of an array that a participant brings to a reduction.
inline constexpr std::size_t reduce_elements_max = 65'536;

/// Length of the name of a barrier or of a participant, at least 1.
inline constexpr std::size_t name_bytes_max = 200;

} // namespace weft::spaces

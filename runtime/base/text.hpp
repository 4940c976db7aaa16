#pragma once

#include "runtime/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

/// The candidate nearest to `word` by edit distance (insert, delete, replace,
/// swap of neighbours), if it is near enough to be a likely typing mistake: at
/// most a third of the longer word, and at least one. Ties go to the first.
/// Cost: O(candidates x |word| x |candidate|).
std::optional<std::string>
nearest_spelling(std::string_view word,
                 std::span<const std::string> candidates);

/// Parses "250ms", "5s", "1.5h", "100us", "3 min", "2d"; a bare "0" is zero.
/// Units: ns us ms s min h d. Fails with `errc::invalid_argument`.
result<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// The shortest text that parses back to the same duration: "250ms", "1h".
std::string format_duration(std::chrono::nanoseconds value);

/// Parses "64MiB", "10 kB", "512"; units B kB MB GB TB (10^3) and KiB MiB GiB
/// TiB (2^10). Fails with `errc::invalid_argument`.
result<std::uint64_t> parse_bytes(std::string_view text);

/// The largest binary unit that divides evenly: "64MiB", "1000B".
std::string format_bytes(std::uint64_t value);

/// Splits at every `separator`; "a,,b" has three parts, "" has one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

/// `text` without leading and trailing ASCII white space.
std::string_view trim(std::string_view text);

/// `text`, or its beginning and its size if it has more than `bytes_max`
/// bytes: for messages that name what somebody else sent.
std::string shortened(std::string_view text, std::size_t bytes_max);

/// True for 1 to 64 characters of [A-Za-z0-9_.-], not starting with a dot or
/// a dash: the form of every name of a node, actor, module or cluster.
bool is_name(std::string_view text);

} // namespace weft

#pragma once

#include "runtime/base/result.hpp"

#include <nlohmann/json.hpp>

#include <string>

/// What `weft space` shows people; all text ends with a line break.
namespace weft::apps {

/// The message of a mistake in a tuple or pattern and, where it begins with
/// "character N: ", the line around that place with a caret below it.
std::string mistake_text(const std::string& written, const failure& why);

/// A tuple of an answer, as it is written on a command line.
std::string tuple_line(const nlohmann::json& tuple);

/// "+ [..]" added, "- [..]" taken, "x [..]" expired.
std::string event_line(const nlohmann::json& event);

/// A table of shards, one of shapes if there are any, and a warning for each
/// shard that only grows.
std::string space_statistics_text(const nlohmann::json& answer);

/// What was measured, and how fast it was.
std::string space_bench_text(const nlohmann::json& answer);

} // namespace weft::apps

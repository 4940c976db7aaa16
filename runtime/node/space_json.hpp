#pragma once

#include "actors/space/space_operations.hpp"
#include "runtime/node/space_table.hpp"

#include <nlohmann/json.hpp>

#include <span>
#include <string>

/// How operators are told what is in a tuple space and what goes on there.
namespace weft {

/// A tuple as an array, in which `spaces::to_text` spells what JSON has no
/// spelling for.
nlohmann::json tuple_json(const spaces::tuple& what);
nlohmann::json tuples_json(std::span<const spaces::tuple> tuples);

/// {"name", "tenant", "namespace", "shards", "routing", "route_by",
/// "carriers"}.
nlohmann::json space_json(const space_table::entry& of);

/// Counters and sizes of one shard, its shapes and whether it `only_grows`.
nlohmann::json shard_json(std::uint32_t shard, const std::string& node,
                          const spaces::space_statistics& of);

/// {"events": [{"event": "added", "tuple": [...]}], "dropped", "ended"}; the
/// other events are "taken" and "expired".
nlohmann::json news_json(const watch_news& what);

/// Whether a shard of at least 1,000 tuples still has more than half of all
/// that were ever written, and among them one of the first hundredth: nobody
/// takes them, and it will reach its limit.
bool only_grows(const spaces::space_statistics& of);

} // namespace weft

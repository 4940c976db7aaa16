#pragma once

#include "config/options.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace weft::config {

/// Every key with type, default and meaning, as Markdown.
std::string reference_markdown();

/// A complete, commented cluster file in which each key has its default; keys
/// without one are commented out with an example.
std::string defaults_yaml();

/// The schema of cluster files for editors, JSON Schema draft 2020-12.
nlohmann::json json_schema();

/// The effective configuration, spelled and nested as in a cluster file, with
/// defaults filled in. Optional keys that were not given are absent.
nlohmann::json to_json(const cluster_options& options);

/// As `to_json`, with paths reduced to their file names, so that it is the same
/// on each machine of a cluster.
nlohmann::json comparable_json(const cluster_options& options);

/// 16 hexadecimal digits over `comparable_json`: FNV-1a 64 (Fowler, Noll, Vo).
/// Guards against mistakes, not against attackers.
std::string configuration_hash(const cluster_options& options);

/// The first place where two configurations differ, `a` being this side's:
/// "caf.heartbeat_interval: 500ms here, 1s there"; absent if they are equal.
std::optional<std::string> first_difference(const nlohmann::json& a,
                                            const nlohmann::json& b);

} // namespace weft::config

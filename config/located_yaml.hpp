#pragma once

#include "config/problem_list.hpp"
#include "config/source_files.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::config {

/// Limits of what a configuration may hold, all files together except where
/// noted. They bound memory before they bound meaning: schema.cpp has the
/// limits of single keys.
namespace limits {
/// Of one file.
inline constexpr std::size_t file_bytes_max = 4u << 20;
/// Lists and maps inside each other.
inline constexpr std::size_t depth_max = 64;
/// Values as parsed, those of aliases and anchors counted each time.
inline constexpr std::size_t nodes_max = 200'000;
/// Values once `replicate` has made its copies.
inline constexpr std::size_t replicated_nodes_max = 600'000;
/// Text of all values and keys together.
inline constexpr std::size_t text_bytes_max = 16u << 20;
inline constexpr std::size_t aliases_max = 1000;
} // namespace limits

enum class yaml_kind : std::uint8_t { null, scalar, list, map };

struct yaml_entry;

/// A value of a YAML file as it was written: scalars keep their text, and
/// what it means is up to the schema. A list or map that is the value of a key
/// has the key's place, since that is where a reader looks; so has an empty
/// value.
struct yaml_node {
  yaml_kind kind = yaml_kind::null;
  /// A scalar in quotes or of block style; it is text whatever it looks like.
  bool quoted = false;
  /// A problem with this value is reported already.
  bool refused = false;
  place where;
  std::string text;
  std::vector<yaml_node> items;
  std::vector<yaml_entry> entries;

  /// The entry of a map, or null. Cost: linear in the number of entries.
  const yaml_entry* find(std::string_view key) const;
  yaml_entry* find(std::string_view key);
};

struct yaml_entry {
  std::string key;
  place where;
  yaml_node value;
};

/// What a configuration has used of its limits so far.
struct yaml_usage {
  std::size_t nodes = 0;
  std::size_t text_bytes = 0;
  std::size_t aliases = 0;
};

/// Number of values in a tree and bytes of its text, keys included.
yaml_usage measure(const yaml_node& tree);

/// "nothing", "a list", "a map" or the scalar's text in quotes.
std::string describe(const yaml_node& value);

/// Parses one YAML document; `file` is its number in the `source_files`.
/// Absent when the file is not YAML, is empty, or exceeds a limit, which is
/// reported. A duplicate key is reported too, and the first one stands. Stops
/// reading at the first excess, so that memory stays in proportion to the
/// limits; throws nothing.
std::optional<yaml_node> parse_yaml(const std::string& text, std::uint32_t file,
                                    yaml_usage& usage, problem_list& problems);

} // namespace weft::config

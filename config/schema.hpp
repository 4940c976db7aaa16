#pragma once

#include "config/field.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft::config {

/// What may stand at a key.
enum class value_type : std::uint8_t {
  /// A map of the rows below this one.
  section,
  /// A list of the row "path[]", `min` to `max` items. Given, it takes the
  /// place of its default.
  list,
  /// Obeyed while the file is read, and gone before options are set.
  directive,
  name,
  boolean,
  integer,
  number,
  duration,
  /// A size such as 64MiB.
  bytes,
  endpoint,
  choice,
  /// A path of a file, taken relative to the cluster file it stands in.
  path,
  /// A path with a slash or ending in ".so"; otherwise a linked module's name.
  library,
  /// "module.name".
  type_name,
  /// Any map or list, for the actor or job to judge.
  arguments,
};

enum class presence : std::uint8_t {
  optional,
  required,
  /// In the design, and refused by this version.
  planned
};

/// One key of a cluster file: everything weft knows about it. Validation,
/// reference, defaults and JSON schema derive from here; the default is what
/// a default-constructed member holds.
struct row {
  /// "nodes[].listen": `[]` is each item of a list, `*` each key of an open
  /// map.
  std::string_view path;
  value_type type = value_type::section;
  presence state = presence::optional;
  /// Range, inclusive; durations in nanoseconds, sizes in bytes, lists in
  /// items.
  double min = 0;
  double max = 0;
  /// Of an integer or number, in the plural; "" for a bare ratio.
  std::string_view unit = "";
  binding bind = nullptr;
  /// A valid value as YAML, for keys whose default says nothing.
  std::string_view example = "";
  /// One sentence; of a planned key, what this version has not.
  std::string_view doc = "";
};

/// All rows, each below its parent.
std::span<const row> schema();

/// The row of a path with `[]` and `*` in the place of indices and free keys,
/// or null.
const row* find_row(std::string_view path);

/// The rows directly below a path; of the whole file for "".
std::span<const row* const> children(std::string_view path);

/// "listen" of "nodes[].listen", "nodes[]" of "nodes[]", "*" of an open map.
std::string_view last_part(std::string_view path);

/// The member of a row, or `std::monostate` when it has none.
field bound(const row& key, owner whole);

/// The values of an enumeration's row; empty for others.
std::vector<std::string> choices(const row& key);

/// "a duration from 10ms to 1min", for messages and documentation.
std::string expected(const row& key);

/// Appends a default element to the list that a row is bound to.
owner add_element(field list);

/// Empties the list that a row is bound to.
void clear_list(field list);

/// The elements of a list of structs.
std::vector<owner> elements(field list);

/// The value of a scalar row's member as a cluster file would spell it;
/// absent for an optional member or an empty text, "nothing said".
std::optional<nlohmann::json> spell(field member);

/// The default of a row; absent when there is none.
std::optional<nlohmann::json> default_of(const row& key);

} // namespace weft::config

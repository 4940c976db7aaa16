#include "actors/membership/config_difference.hpp"

#include "runtime/base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace weft::actors {

namespace {

using json = nlohmann::json;

constexpr int depth_max = 64;
constexpr std::size_t key_bytes_max = 64;

std::string below(const std::string& path, std::string_view key) {
  const std::string shown{utf8_prefix(key, key_bytes_max)};
  return path.empty() ? shown : path + "." + shown;
}

std::optional<std::string> compare(const json& ours, const json& theirs,
                                   const std::string& path, int depth) {
  if (depth > depth_max)
    return std::nullopt;
  if (ours.is_object() && theirs.is_object()) {
    for (const auto& [key, value] : ours.items()) {
      const auto other = theirs.find(key);
      if (other == theirs.end())
        return below(path, key);
      if (auto found = compare(value, *other, below(path, key), depth + 1))
        return found;
    }
    for (const auto& [key, value] : theirs.items())
      if (!ours.contains(key))
        return below(path, key);
    return std::nullopt;
  }
  if (ours.is_array() && theirs.is_array()) {
    const auto most = std::max(ours.size(), theirs.size());
    for (std::size_t i = 0; i < most; ++i) {
      auto here = fmt::format("{}[{}]", path, i);
      if (i >= ours.size() || i >= theirs.size())
        return here;
      if (auto found = compare(ours[i], theirs[i], here, depth + 1))
        return found;
    }
    return std::nullopt;
  }
  if (ours == theirs)
    return std::nullopt;
  return path.empty() ? "the whole document" : path;
}

} // namespace

std::optional<std::string> differing_path(std::string_view ours,
                                          std::string_view theirs) {
  const auto first = json::parse(ours, nullptr, false);
  const auto second = json::parse(theirs, nullptr, false);
  if (first.is_discarded() || second.is_discarded())
    return std::nullopt;
  return compare(first, second, {}, 0);
}

} // namespace weft::actors

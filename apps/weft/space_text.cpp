#include "apps/weft/space_text.hpp"

#include "apps/weft/text_table.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/base/text.hpp"
#include "spaces/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

namespace weft::apps {

namespace {

using nlohmann::json;

/// Characters of a line that are shown on either side of a mistake.
constexpr std::size_t shown_around = 36;

/// From 1; nothing when the message does not say.
std::optional<std::size_t> character_in(std::string_view message) {
  constexpr std::string_view before = "character ";
  if (!message.starts_with(before))
    return std::nullopt;
  const auto rest = message.substr(before.size());
  std::size_t place = 0;
  const auto read =
      std::from_chars(rest.data(), rest.data() + rest.size(), place);
  if (read.ec != std::errc{} || place == 0)
    return std::nullopt;
  return place;
}

/// Its characters, and blanks for those that would break the line.
std::vector<std::string> characters_of(std::string_view text) {
  std::vector<std::string> all;
  for (const char byte : text) {
    const bool goes_on = (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
    if (goes_on && !all.empty())
      all.back() += byte;
    else
      all.emplace_back(1, static_cast<unsigned char>(byte) < ' ' ? ' ' : byte);
  }
  return all;
}

std::string text_of(const json& from, const char* key) {
  const auto found = from.find(key);
  if (found == from.end() || found->is_null())
    return "-";
  return found->is_string() ? found->get<std::string>() : json_text(*found);
}

std::uint64_t number_of(const json& from, const char* key) {
  return from.value(key, std::uint64_t{0});
}

/// "12 of 340": how many tuples were written after the oldest that is there,
/// of all that ever were.
std::string oldest_text(const json& shard) {
  const auto oldest = number_of(shard, "oldest_sequence");
  const auto last = number_of(shard, "last_sequence");
  return oldest == 0 ? "-" : fmt::format("{} of {}", oldest, last);
}

std::string shards_text(const json& shards) {
  constexpr std::array keys{
      "shard",   "node",    "tuples",  "bytes",  "hidden",  "written", "taken",
      "expired", "lookups", "waiters", "claims", "watches", "barriers"};
  std::vector<std::vector<std::string>> rows{
      {"SHARD", "NODE", "TUPLES", "BYTES", "HIDDEN", "WRITTEN", "TAKEN",
       "EXPIRED", "LOOKUPS", "WAITERS", "CLAIMS", "WATCHES", "BARRIERS",
       "OLDEST"}};
  for (const auto& shard : shards) {
    std::vector<std::string> row;
    for (const auto* key : keys)
      row.push_back(text_of(shard, key));
    row.push_back(oldest_text(shard));
    rows.push_back(std::move(row));
  }
  return text_table(rows);
}

/// "0, 2", or "sorted by 1".
std::string positions_text(const json& shape) {
  if (const auto ordered = shape.find("ordered");
      ordered != shape.end() && !ordered->is_null())
    return "sorted by " + json_text(*ordered);
  const auto fixed =
      shape.value("fixed", json::array()).get<std::vector<std::size_t>>();
  return fixed.empty() ? "-" : fmt::format("{}", fmt::join(fixed, ", "));
}

/// Of all shards together.
std::string shapes_text(const json& shards) {
  struct sums {
    std::uint64_t tuples = 0;
    std::uint64_t groups = 0;
    std::uint64_t lookups = 0;
  };
  std::map<std::array<std::string, 2>, sums> shapes;
  for (const auto& shard : shards)
    for (const auto& shape : shard.value("shapes", json::array())) {
      auto& sum = shapes[{text_of(shape, "types"), positions_text(shape)}];
      sum.tuples += number_of(shape, "tuples");
      sum.groups += number_of(shape, "groups");
      sum.lookups += number_of(shape, "lookups");
    }
  if (shapes.empty())
    return {};
  std::vector<std::vector<std::string>> rows{
      {"TYPES", "LOOKED UP BY", "TUPLES", "KEYS", "LOOKUPS"}};
  for (const auto& [key, sum] : shapes)
    rows.push_back({key[0], key[1], std::to_string(sum.tuples),
                    std::to_string(sum.groups), std::to_string(sum.lookups)});
  return "\n" + text_table(rows);
}

std::string growth_text(const json& shards) {
  std::string text;
  for (const auto& shard : shards)
    if (shard.value("only_grows", false))
      text += fmt::format(
          "warning: shard {} only grows: {} of the {} tuples that were ever "
          "written are still there, and the oldest was write {}\n",
          text_of(shard, "shard"), text_of(shard, "tuples"),
          text_of(shard, "last_sequence"), text_of(shard, "oldest_sequence"));
  return text;
}

std::string head_text(const json& space) {
  return fmt::format("space {} (tenant {}, namespace {}), {} shard{}\n",
                     text_of(space, "name"), text_of(space, "tenant"),
                     text_of(space, "namespace"), text_of(space, "shards"),
                     number_of(space, "shards") == 1 ? "" : "s");
}

std::string rate_text(double per_second) {
  return per_second < 10'000 ? fmt::format("{:.0f} /s", per_second)
                             : fmt::format("{:.1f} k/s", per_second / 1000);
}

std::vector<std::string> latency_row(const char* name, const json& of) {
  std::vector<std::string> row{name};
  for (const auto* key : {"p50", "p90", "p99", "p999", "max"})
    row.push_back(fmt::format("{:.1f}", of.value(key, 0.0)));
  return row;
}

} // namespace

std::string mistake_text(const std::string& written, const failure& why) {
  const auto place = character_in(why.message);
  if (!place)
    return why.message + "\n";
  const auto all = characters_of(written);
  const auto at = std::min(*place - 1, all.size());
  const auto begin = at > shown_around ? at - shown_around : 0;
  const auto end = std::min(all.size(), at + shown_around);
  std::string line = begin > 0 ? "..." : "";
  const auto caret = line.size() + at - begin;
  for (auto i = begin; i < end; ++i)
    line += all[i];
  if (end < all.size())
    line += "...";
  return fmt::format("{}\n  {}\n  {}^\n", why.message, line,
                     std::string(caret, ' '));
}

std::string tuple_line(const json& tuple) {
  auto text = json_text(tuple);
  if (const auto parsed = spaces::parse_tuple(text))
    text = spaces::to_text(*parsed);
  return text + "\n";
}

std::string event_line(const json& event) {
  const auto kind = event.value("event", std::string{});
  const char* sign = kind == "added" ? "+" : kind == "taken" ? "-" : "x";
  return fmt::format("{} {}", sign,
                     tuple_line(event.value("tuple", json::array())));
}

std::string space_statistics_text(const json& answer) {
  const auto shards = answer.value("shards", json::array());
  return head_text(answer.value("space", json::object())) + shards_text(shards)
         + shapes_text(shards) + growth_text(shards);
}

std::string space_bench_text(const json& answer) {
  const auto space = answer.value("space", json::object());
  const auto single = answer.value("single", json::object());
  const auto batched = answer.value("batched", json::object());
  auto text = head_text(space);
  text += fmt::format(
      "measured from one thread of node {}, which carries {} of them; tuples "
      "of 4 fields,\ntaken by their key, each with a lease; others used the "
      "space as they do\n",
      text_of(answer, "node"), text_of(space, "local_shards"));
  text += fmt::format("one by one: {}, {} operations\n",
                      rate_text(single.value("per_second", 0.0)),
                      text_of(single, "operations"));
  text += fmt::format("{} at once: {}, {} operations\n\n",
                      text_of(batched, "batch"),
                      rate_text(batched.value("per_second", 0.0)),
                      text_of(batched, "operations"));
  return text
         + text_table({{"MICROSECONDS", "P50", "P90", "P99", "P99.9", "MAX"},
                       latency_row("write", single.value("write_us", json{})),
                       latency_row("take", single.value("take_us", json{}))});
}

} // namespace weft::apps

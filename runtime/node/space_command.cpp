#include "runtime/node/space_command.hpp"

#include "runtime/base/json_text.hpp"
#include "runtime/base/text.hpp"
#include "spaces/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace weft {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

struct operation_keys {
  std::string_view name;
  /// Of its body, beside tenant and space; those that it needs come first.
  std::vector<std::string> keys;
  std::size_t needed = 0;
};

const std::vector<operation_keys>& known_operations() {
  static const std::vector<operation_keys> all{
      {"write", {"tuples", "lease_ms"}, 1},
      {"read", {"pattern", "timeout_ms", "limit"}, 1},
      {"take", {"pattern", "timeout_ms"}, 1},
      {"claim", {"pattern", "lease_ms", "timeout_ms"}, 2},
      {"confirm", {"claim"}, 1},
      {"release", {"claim"}, 1},
      {"count", {"pattern"}, 0},
      {"clear", {}, 0},
      {"stats", {}, 0},
      {"watch", {"pattern"}, 0},
      {"next", {"watch", "timeout_ms", "limit"}, 1},
      {"unwatch", {"watch"}, 1},
      {"bench", {"seconds", "batch"}, 0},
      {"move", {"pattern", "to"}, 2},
      {"copy", {"pattern", "to"}, 2},
      {"snapshot", {"file"}, 1},
      {"restore", {"file", "add"}, 1},
      {"transfer", {"transfer"}, 1},
  };
  return all;
}

tl::unexpected<failure> wrong_key(std::string_view key,
                                  std::string_view expected, const json& got) {
  return fail(errc::invalid_argument,
              fmt::format("{}: expected {}, got {}", key, expected,
                          shortened(json_text(got), 60)));
}

result<void> read_text(const json& from, std::string_view key,
                       std::string& into) {
  if (!from.is_string() || from.get_ref<const std::string&>().empty())
    return wrong_key(key, "a name", from);
  into = from.get<std::string>();
  return {};
}

result<std::uint64_t> whole_number(const json& from, std::string_view key,
                                   std::uint64_t min, std::uint64_t max) {
  if (!from.is_number_unsigned() || from.get<std::uint64_t>() < min
      || from.get<std::uint64_t>() > max)
    return wrong_key(key, fmt::format("a whole number, {} to {}", min, max),
                     from);
  return from.get<std::uint64_t>();
}

/// Text stands as it is, an array for what it is in JSON.
result<std::string> written_form(const json& from, std::string_view key) {
  if (from.is_string())
    return from.get<std::string>();
  if (from.is_array())
    return json_text(from);
  return wrong_key(key, "an array, or text", from);
}

result<void> read_tuples(const json& from, space_command& into) {
  if (!from.is_array() || from.empty()
      || from.size() > spaces::batch_tuples_max)
    return wrong_key("tuples",
                     fmt::format("1 to {} tuples", spaces::batch_tuples_max),
                     from);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto key = fmt::format("tuples[{}]", i);
    const auto text = written_form(from[i], key);
    if (!text)
      return tl::unexpected(text.error());
    auto parsed = spaces::parse_tuple(*text);
    if (!parsed)
      return fail(parsed.error().code,
                  fmt::format("{}: {}", key, parsed.error().message));
    into.tuples.push_back(*std::move(parsed));
  }
  return {};
}

result<void> read_pattern(const json& from, space_command& into) {
  const auto text = written_form(from, "pattern");
  if (!text)
    return tl::unexpected(text.error());
  auto parsed = spaces::parse_pattern(*text);
  if (!parsed)
    return fail(parsed.error().code, "pattern: " + parsed.error().message);
  into.pattern = *std::move(parsed);
  return {};
}

result<void> read_claim(const json& from, space_command& into) {
  if (!from.is_object() || !from.contains("shard") || !from.contains("claim"))
    return wrong_key("claim", "{\"shard\", \"claim\"}", from);
  const auto shard = whole_number(from["shard"], "claim.shard", 0, UINT32_MAX);
  if (!shard)
    return tl::unexpected(shard.error());
  const auto claim = whole_number(from["claim"], "claim.claim", 1, UINT64_MAX);
  if (!claim)
    return tl::unexpected(claim.error());
  into.claim = {static_cast<std::uint32_t>(*shard), *claim};
  return {};
}

/// The node's working directory is not its caller's.
result<void> read_file(const json& from, space_command& into) {
  if (!from.is_string() || !from.get_ref<const std::string&>().starts_with('/'))
    return wrong_key("file", "an absolute path", from);
  into.file = from.get<std::string>();
  return {};
}

result<void> read_add(const json& from, space_command& into) {
  if (!from.is_boolean())
    return wrong_key("add", "true or false", from);
  into.add = from.get<bool>();
  return {};
}

result<void> read_time(const json& from, std::string_view key,
                       space_command& into) {
  const bool is_lease = key == "lease_ms";
  const auto most =
      is_lease ? spaces::lease_max : spaces::duration{spaces::timeout_max};
  const auto count =
      whole_number(from, key, is_lease ? 1 : 0,
                   static_cast<std::uint64_t>(
                       std::chrono::duration_cast<milliseconds>(most).count()));
  if (!count)
    return tl::unexpected(count.error());
  const milliseconds time{*count};
  if (is_lease)
    into.lease = time;
  else
    into.timeout = std::min<spaces::duration>(time, space_wait_max);
  return {};
}

result<void> read_count(const json& from, std::string_view key,
                        space_command& into) {
  const std::uint64_t most = key == "limit"     ? spaces::answer_tuples_max
                             : key == "seconds" ? space_bench_max.count()
                             : key == "batch"   ? spaces::batch_tuples_max
                                                : UINT64_MAX;
  const auto count = whole_number(from, key, 1, most);
  if (!count)
    return tl::unexpected(count.error());
  if (key == "limit")
    into.limit = *count;
  else if (key == "seconds")
    into.seconds = std::chrono::seconds{*count};
  else if (key == "batch")
    into.batch = *count;
  else if (key == "transfer")
    into.transfer = *count;
  else
    into.watch = *count;
  return {};
}

result<void> read_key(const std::string& key, const json& from,
                      space_command& into) {
  if (key == "tenant")
    return read_text(from, key, into.tenant);
  if (key == "space")
    return read_text(from, key, into.space);
  if (key == "to")
    return read_text(from, key, into.to);
  if (key == "file")
    return read_file(from, into);
  if (key == "add")
    return read_add(from, into);
  if (key == "tuples")
    return read_tuples(from, into);
  if (key == "pattern")
    return read_pattern(from, into);
  if (key == "claim")
    return read_claim(from, into);
  if (key == "timeout_ms" || key == "lease_ms")
    return read_time(from, key, into);
  return read_count(from, key, into);
}

result<void> read_body(const json& body, const operation_keys& of,
                       space_command& into) {
  auto known = of.keys;
  known.insert(known.end(), {"tenant", "space"});
  for (const auto& [key, value] : body.items()) {
    if (std::ranges::count(known, key) == 0) {
      const auto nearest = nearest_spelling(key, known);
      return fail(
          errc::invalid_argument,
          fmt::format("{} does not know {}{}", of.name, shortened(key, 60),
                      nearest ? "; did you mean " + *nearest + "?" : ""));
    }
    if (auto done = read_key(key, value, into); !done)
      return done;
  }
  for (std::size_t i = 0; i < of.needed; ++i)
    if (!body.contains(of.keys[i]))
      return fail(errc::invalid_argument,
                  fmt::format("{} needs {}", of.name, of.keys[i]));
  return {};
}

} // namespace

result<space_command> parse_space_command(std::string_view operation,
                                          const std::string& body) {
  const auto& all = known_operations();
  const auto found = std::ranges::find(all, operation, &operation_keys::name);
  if (found == all.end())
    return fail(errc::not_found,
                fmt::format("tuple spaces have no operation {}",
                            shortened(operation, 60)));
  const auto parsed = json::parse(body.empty() ? "{}" : body, nullptr, false);
  if (!parsed.is_object())
    return fail(errc::invalid_argument, "expected a JSON object");
  space_command command;
  command.operation = operation;
  const auto every = spaces::pattern::make({}, true);
  WEFT_ASSERT(every.has_value());
  command.pattern = *every;
  if (auto done = read_body(parsed, *found, command); !done)
    return tl::unexpected(done.error());
  return command;
}

} // namespace weft

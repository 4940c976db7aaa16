#include "tests/support/checkers/recorded_history.hpp"

#include <fmt/format.h>

#include <fstream>

namespace weft::checkers {

namespace {

using record_index = std::size_t;

/// The batch at an `asked` record, and the answers to it.
struct batch {
  const record* asked = nullptr;
  std::span<const record> calls;
  /// Nothing if there were no answers.
  const record* answered = nullptr;
  std::span<const record> answers;
};

bool leads_items(record_kind what) {
  return what == record_kind::asked || what == record_kind::answered;
}

record_kind item_of(record_kind what) {
  return what == record_kind::asked ? record_kind::call : record_kind::answer;
}

/// What may stand after a record that leads no items, or after these.
bool may_follow(record_kind before, record_kind after) {
  switch (after) {
  case record_kind::asked:
  case record_kind::closing:
    return before == record_kind::opening || before == record_kind::answered;
  case record_kind::answered:
    return before == record_kind::asked;
  default:
    return false;
  }
}

/// The place of the first record that makes no sense; the end if all do.
record_index first_wrong(const std::vector<record>& records) {
  if (records.empty() || records.front().kind != record_kind::opening)
    return 0;
  auto last = record_kind::opening;
  record_index calls = 0;
  for (record_index at = 1; at < records.size();) {
    const auto& leader = records[at];
    if (!may_follow(last, leader.kind)
        || (leader.kind == record_kind::answered && leader.number != calls))
      return at;
    last = leader.kind;
    ++at;
    if (!leads_items(last))
      continue;
    calls = leader.number;
    const auto end = std::min(records.size(), at + leader.number);
    for (; at < end; ++at)
      if (records[at].kind != item_of(last))
        return at;
  }
  return records.size();
}

/// The batch at `at`, which is moved behind it; nothing if its calls are not
/// all there.
std::optional<batch> next_batch(std::span<const record> records,
                                record_index& at) {
  batch next;
  next.asked = &records[at++];
  if (records.size() - at < next.asked->number)
    return std::nullopt;
  next.calls = records.subspan(at, next.asked->number);
  at += next.calls.size();
  if (at < records.size() && records[at].kind == record_kind::answered) {
    next.answered = &records[at++];
    const auto left = records.size() - at;
    next.answers =
        records.subspan(at, std::min<std::size_t>(left, next.calls.size()));
    at += next.answers.size();
  }
  return next;
}

std::uint64_t fields_of(std::uint8_t group, std::uint8_t bucket) {
  return std::uint64_t{group} << 8 | bucket;
}

pattern asked_of(const record& call) {
  if (call.bucket == any_bucket)
    return {.mask = 0xff00, .bits = fields_of(call.group, 0)};
  return {.mask = 0xffff, .bits = fields_of(call.group, call.bucket)};
}

bool has_pattern(verb what) {
  return what == verb::read || what == verb::take || what == verb::swap
         || what == verb::claim;
}

operation operation_of(const recorded_client& client, const batch& in,
                       record_index index) {
  const auto& call = in.calls[index];
  operation made;
  made.what = static_cast<verb>(call.code);
  made.client = client.id;
  made.invoked = in.asked->value;
  made.how = outcome::unknown;
  if (has_pattern(made.what))
    made.asked = asked_of(call);
  if (call.value != 0)
    made.writes.push_back(
        {.id = call.value, .fields = fields_of(call.group, call.bucket)});
  if (call.number != 0)
    made.claim = claim_id{client.id} << 32 | call.number;
  if (made.what == verb::claim)
    made.lease = client.opening().value;
  if (index >= in.answers.size())
    return made;
  const auto& answer = in.answers[index];
  made.how = static_cast<outcome>(answer.code);
  if (made.how == outcome::ok)
    made.responded = in.answered->value;
  if (made.how == outcome::ok && has_pattern(made.what) && answer.value != 0)
    made.answer = answer.value;
  return made;
}

} // namespace

result<recorded_client> read_recorded(const std::string& path, client_id id) {
  std::ifstream file{path, std::ios::binary | std::ios::ate};
  if (!file)
    return fail(errc::io, fmt::format("{} cannot be read", path));
  recorded_client client{id, {}};
  const auto size = static_cast<std::size_t>(file.tellg());
  client.records.resize(size / sizeof(record));
  file.seekg(0);
  file.read(
      reinterpret_cast<char*>(client.records.data()),
      static_cast<std::streamsize>(client.records.size() * sizeof(record)));
  if (!file)
    return fail(errc::io, fmt::format("{} cannot be read to its end", path));
  const auto wrong = first_wrong(client.records);
  if (client.records.empty() || wrong < client.records.size())
    return fail(errc::invalid_argument,
                fmt::format("{}: record {} has no place there", path, wrong));
  return client;
}

std::vector<operation> operations_of(const recorded_client& client,
                                     std::uint8_t group) {
  std::vector<operation> operations;
  const std::span<const record> records{client.records};
  for (record_index at = 1; at < records.size();) {
    if (records[at].kind == record_kind::closing)
      break;
    const auto batch = next_batch(records, at);
    if (!batch)
      break;
    for (record_index index = 0; index < batch->calls.size(); ++index)
      if (batch->calls[index].group == group)
        operations.push_back(operation_of(client, *batch, index));
  }
  return operations;
}

} // namespace weft::checkers

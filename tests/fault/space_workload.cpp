#include "tests/fault/space_workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace weft::fault {

namespace {

using checkers::any_bucket;
using checkers::record;
using checkers::record_kind;
using checkers::verb;
namespace call = spaces::call;
namespace reply = spaces::reply;

/// So many more tuples written than removed keep buckets from being empty.
constexpr std::int64_t surplus = 500;
/// One batch of so many waits.
constexpr std::uint64_t waiting_period = 16;

record recorded(verb what, std::uint8_t group, std::uint8_t bucket) {
  return {.kind = record_kind::call,
          .code = static_cast<std::uint8_t>(what),
          .group = group,
          .bucket = bucket};
}

spaces::new_tuple tuple_to_write(std::uint8_t group, std::uint8_t bucket,
                                 std::uint64_t id) {
  return {spaces::tuple_of(std::int64_t{bucket}, std::int64_t{group},
                           static_cast<std::int64_t>(id)),
          {}};
}

spaces::pattern pattern_for(std::uint8_t group, std::uint8_t bucket) {
  const spaces::match::type number{spaces::field_type::i64};
  if (bucket == any_bucket)
    return spaces::pattern_of(number, std::int64_t{group}, number);
  return spaces::pattern_of(std::int64_t{bucket}, std::int64_t{group}, number);
}

/// The tuple that an answer brings, if it brings one.
const spaces::tuple* tuple_in(const spaces::space_answer& answer) {
  if (const auto* got = std::get_if<reply::found>(&answer.what))
    return got->tuples.empty() ? nullptr : &got->tuples.front().what;
  if (const auto* got = std::get_if<reply::swapped>(&answer.what))
    return got->found ? &got->found->what : nullptr;
  return nullptr;
}

record failed_answer(const failure& why) {
  using checkers::outcome;
  const bool told = why.code == errc::unavailable || why.code == errc::not_found
                    || why.code == errc::exhausted;
  if (!told && why.code != errc::timed_out)
    throw std::runtime_error{"the space answered " + to_string(why)};
  return {.kind = record_kind::answer,
          .code = static_cast<std::uint8_t>(told ? outcome::failed
                                                 : outcome::unknown),
          .number = static_cast<std::uint32_t>(why.code)};
}

bool is_done(const spaces::space_answer& answer) {
  return std::holds_alternative<reply::found>(answer.what)
         || std::holds_alternative<reply::swapped>(answer.what)
         || std::holds_alternative<reply::written>(answer.what)
         || std::holds_alternative<reply::done>(answer.what);
}

} // namespace

std::vector<record> records_of(const std::vector<planned_call>& plan) {
  std::vector<record> records;
  records.reserve(plan.size());
  for (const auto& each : plan)
    records.push_back(each.recorded);
  return records;
}

std::vector<actors::space_request> requests_of(std::vector<planned_call> plan) {
  std::vector<actors::space_request> requests;
  requests.reserve(plan.size());
  for (auto& each : plan)
    requests.push_back(std::move(each.request));
  return requests;
}

planned_call plan_take(std::uint8_t group, std::uint8_t bucket) {
  return {recorded(verb::take, group, bucket),
          {call::take{pattern_for(group, bucket), {}, {}}, {}}};
}

record record_of(const spaces::space_answer& answer) {
  if (const auto* why = std::get_if<failure>(&answer.what))
    return failed_answer(*why);
  if (!is_done(answer))
    throw std::runtime_error{fmt::format("the space gave an answer of kind {}",
                                         answer.what.index())};
  record made{.kind = record_kind::answer};
  if (const auto* tuple = tuple_in(answer)) {
    made.bucket = static_cast<std::uint8_t>((*tuple)[0].as_i64());
    made.group = static_cast<std::uint8_t>((*tuple)[1].as_i64());
    made.value = static_cast<std::uint64_t>((*tuple)[2].as_i64());
  }
  return made;
}

space_workload::space_workload(checkers::client_id client,
                               const workload_options& options)
    : client_{client}, options_{options}, random_{options.seed
                                                      * 0x9e3779b97f4a7c15
                                                  + client} {}

std::uint32_t space_workload::below(std::uint32_t bound) {
  return static_cast<std::uint32_t>(random_() % bound);
}

std::uint64_t space_workload::new_tuple() {
  return std::uint64_t{client_} << 32 | ++tuples_;
}

std::vector<planned_call> space_workload::plan_batch() {
  const bool waits = ++batches_ % waiting_period == client_ % waiting_period;
  std::vector<planned_call> plan;
  plan_finishes(plan);
  while (plan.size() < options_.batch)
    plan.push_back(plan_call(waits));
  return plan;
}

std::vector<planned_call> space_workload::plan_end() {
  std::vector<planned_call> plan;
  for (const auto& [number, held] : held_)
    plan.push_back(plan_release(number, held));
  held_.clear();
  return plan;
}

/// Every other claim ends with the next batch, so that there are always some
/// that are held.
void space_workload::plan_finishes(std::vector<planned_call>& plan) {
  std::erase_if(held_, [&](const auto& each) {
    if (plan.size() >= options_.batch || below(2) == 0)
      return false;
    plan.push_back(plan_finish(each.first, each.second));
    return true;
  });
}

planned_call space_workload::plan_finish(std::uint32_t number,
                                         const held_claim& held) {
  if (below(3) == 0)
    return plan_release(number, held);
  planned_call made{recorded(verb::confirm, held.group, held.bucket),
                    {call::confirm{held.key.claim, {}}, held.key.shard}};
  made.recorded.number = number;
  if (below(3) == 0) {
    made.recorded.value = new_tuple();
    std::get<call::confirm>(made.request.what)
        .writes.push_back(
            tuple_to_write(held.group, held.bucket, made.recorded.value));
  }
  return made;
}

planned_call space_workload::plan_release(std::uint32_t number,
                                          const held_claim& held) {
  planned_call made{recorded(verb::release, held.group, held.bucket),
                    {call::release{held.key.claim}, held.key.shard}};
  made.recorded.number = number;
  return made;
}

planned_call space_workload::plan_call(bool waits) {
  const std::uint32_t writes = balance_ < surplus ? 50 : 35;
  return below(100) < writes ? plan_write() : plan_asking(waits);
}

/// The first group gets half as much as each other.
planned_call space_workload::plan_write() {
  const auto group = static_cast<std::uint8_t>(
      (below(2 * options_.tuples.groups - 1) + 1) / 2);
  const auto bucket = static_cast<std::uint8_t>(below(options_.tuples.buckets));
  planned_call made{recorded(verb::write, group, bucket), {}};
  made.recorded.value = new_tuple();
  call::write write;
  write.tuples.push_back(tuple_to_write(group, bucket, made.recorded.value));
  made.request.what = std::move(write);
  return made;
}

planned_call space_workload::plan_asking(bool waits) {
  const auto group =
      waits ? std::uint8_t{0}
            : static_cast<std::uint8_t>(1 + below(options_.tuples.groups - 1));
  auto bucket = static_cast<std::uint8_t>(below(options_.tuples.buckets));
  const auto kind = below(20);
  if (kind < 3) {
    planned_call made{recorded(verb::swap, group, bucket), {}};
    made.recorded.value = new_tuple();
    made.request.what =
        call::swap{pattern_for(group, bucket),
                   tuple_to_write(group, bucket, made.recorded.value),
                   {}};
    return made;
  }
  if (below(20) == 0)
    bucket = any_bucket;
  const auto asked = pattern_for(group, bucket);
  const std::chrono::milliseconds timeout{waits ? 5 + below(15) : 0};
  if (kind < 5)
    return {recorded(verb::read, group, bucket),
            {call::read{asked, timeout}, {}}};
  if (kind < 11)
    return {recorded(verb::take, group, bucket),
            {call::take{asked, timeout, {}}, {}}};
  planned_call made{recorded(verb::claim, group, bucket),
                    {call::take{asked, timeout, options_.lease}, {}}};
  made.recorded.number = ++claims_;
  return made;
}

std::vector<record>
space_workload::note(const std::vector<record>& calls,
                     const std::vector<spaces::space_answer>& answers) {
  std::vector<record> records;
  records.reserve(answers.size());
  for (std::size_t index = 0; index < answers.size(); ++index) {
    records.push_back(record_of(answers[index]));
    note_effect(calls.at(index), records.back(), answers[index]);
  }
  return records;
}

void space_workload::note_effect(const record& call, const record& answer,
                                 const spaces::space_answer& given) {
  if (answer.code != static_cast<std::uint8_t>(checkers::outcome::ok))
    return;
  const auto what = static_cast<verb>(call.code);
  if (what == verb::write)
    ++balance_;
  else if (what == verb::take && answer.value != 0)
    --balance_;
  else if (what == verb::confirm && call.value == 0)
    --balance_;
  if (what == verb::claim && answer.value != 0)
    held_.emplace(call.number,
                  held_claim{{given.shard.value(),
                              std::get<spaces::reply::found>(given.what).claim},
                             answer.group,
                             answer.bucket});
}

} // namespace weft::fault

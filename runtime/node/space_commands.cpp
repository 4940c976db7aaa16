#include "runtime/node/space_commands.hpp"

#include "runtime/node/space_bench.hpp"
#include "runtime/node/space_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace weft {

namespace {

using nlohmann::json;
using space_answer_to = space_commands::answer;

/// A request that is carried out: on which space, for whom.
struct space_errand {
  caf::event_based_actor* self = nullptr;
  const space_table::entry* of = nullptr;
  space where;
  const space_command& what;
  space_answer_to to;
};

/// Turns the value of a result into an answer, and passes on failures.
template <class Form>
auto telling(space_answer_to to, Form form) {
  return [to = std::move(to), form = std::move(form)](const auto& got) {
    if (!got)
      return to(tl::unexpected(got.error()));
    to(form(*got));
  };
}

json with_tuples(std::span<const spaces::tuple> tuples) {
  return {{"ok", true}, {"tuples", tuples_json(tuples)}};
}

json one_or_none(const std::optional<spaces::tuple>& got) {
  return got ? with_tuples({&*got, 1}) : with_tuples({});
}

json with_count(std::uint64_t count) {
  return {{"ok", true}, {"count", count}};
}

/// The answers to writes that are under way together.
struct write_tally {
  space_answer_to to;
  std::size_t open = 0;
  std::size_t done = 0;
  std::size_t all = 0;
  std::optional<failure> why;

  void add(const result<tuple_key>& got) {
    if (got)
      ++done;
    else if (!why)
      why = got.error();
    if (--open > 0)
      return;
    if (!why)
      return to(json{{"ok", true}, {"written", done}});
    to(fail(why->code, all == 1
                           ? why->message
                           : fmt::format("{} of {} tuples were written: {}",
                                         done, all, why->message)));
  }
};

void run_write(const space_errand& on) {
  const auto count = on.what.tuples.size();
  auto tally = std::make_shared<write_tally>(
      write_tally{on.to, count, 0, count, std::nullopt});
  for (const auto& each : on.what.tuples)
    on.where.in(on.self)
        .write(each, on.what.lease)
        .then([tally](const auto& got) { tally->add(got); });
}

void run_read(const space_errand& on) {
  const auto mine = on.where.in(on.self);
  if (on.what.limit)
    return mine.read_all(on.what.pattern, *on.what.limit)
        .then(telling(on.to, [](const auto& got) { return with_tuples(got); }));
  mine.read(on.what.pattern, on.what.timeout).then(telling(on.to, one_or_none));
}

/// One: of many some would be lost when their answer is too large, or nobody
/// takes it.
void run_take(const space_errand& on) {
  on.where.in(on.self)
      .take(on.what.pattern, on.what.timeout)
      .then(telling(on.to, one_or_none));
}

void run_claim(const space_errand& on) {
  on.where.in(on.self)
      .claim(on.what.pattern, *on.what.lease, on.what.timeout)
      .then(telling(on.to, [](const std::optional<claimed_tuples>& got) {
        if (!got)
          return with_tuples({});
        auto made = with_tuples(got->tuples);
        made["claim"] = {{"shard", got->claim.shard},
                         {"claim", got->claim.claim}};
        return made;
      }));
}

void run_confirm(const space_errand& on) {
  on.where.in(on.self)
      .confirm(on.what.claim)
      .then(telling(on.to, [](const auto&) {
        return json{{"ok", true}};
      }));
}

/// For what has no value.
std::function<void(result<void>)> telling_done(const space_answer_to& to) {
  return [to](const result<void>& got) {
    if (!got)
      return to(tl::unexpected(got.error()));
    to(json{{"ok", true}});
  };
}

void run_release(const space_errand& on) {
  on.where.in(on.self).release(on.what.claim).then(telling_done(on.to));
}

void run_count(const space_errand& on) {
  on.where.in(on.self).count(on.what.pattern).then(telling(on.to, with_count));
}

void run_clear(const space_errand& on) {
  on.where.in(on.self).clear().then(telling(on.to, with_count));
}

void run_stats(const space_errand& on) {
  auto head = space_json(*on.of);
  const auto form = [head, carriers = on.of->carriers](const auto& got) {
    auto shards = json::array();
    for (std::size_t i = 0; i < got.size() && i < carriers.size(); ++i)
      shards.push_back(
          shard_json(static_cast<std::uint32_t>(i), carriers[i], got[i]));
    return json{{"ok", true}, {"space", head}, {"shards", std::move(shards)}};
  };
  on.where.in(on.self).statistics().then(telling(on.to, form));
}

std::string bench_key() {
  std::random_device random;
  return fmt::format("weft-bench-{:08x}{:08x}", random(), random());
}

/// On a thread of its own: a measurement blocks.
void run_bench(const space_errand& on, const std::string& node) {
  space_bench_options how;
  how.time = on.what.seconds;
  how.batch = on.what.batch;
  how.key = bench_key();
  auto head = space_json(*on.of);
  head["local_shards"] = std::ranges::count(on.of->carriers, node);
  const auto measure = [=, where = on.where, of = on.of->options,
                        to = on.to](caf::event_based_actor*) {
    auto made = run_space_bench(where, of, how);
    if (!made)
      return to(tl::unexpected(made.error()));
    (*made)["ok"] = true;
    (*made)["node"] = node;
    (*made)["space"] = head;
    to(std::move(made));
  };
  on.self->system().spawn<caf::hidden + caf::detached>(measure);
}

json with_tuple_count(std::uint64_t count) {
  return {{"ok", true}, {"tuples", count}};
}

space_transfers::work carrying(const space_command& what, const space& from,
                               const space& to) {
  return [=, pattern = what.pattern,
          moves = what.operation == "move"]() -> result<json> {
    return (moves ? from.move(pattern, to) : from.copy(pattern, to))
        .map(with_tuple_count);
  };
}

/// Not into a space that has tuples already, unless that is what is wanted.
result<void> check_empty(const space& where) {
  const auto shards = where.statistics();
  if (!shards)
    return tl::unexpected(shards.error());
  std::uint64_t count = 0;
  for (const auto& each : *shards)
    count += each.index.tuples + each.index.hidden;
  if (count == 0)
    return {};
  return fail(errc::already_exists,
              fmt::format("the space {} has {} tuples, claimed ones included; "
                          "clear it, or ask to add the snapshot to them",
                          where.name(), count));
}

space_transfers::work saving(const space_command& what, const space& where) {
  return [=, file = what.file]() -> result<json> {
    return where.snapshot(file).map(with_tuple_count);
  };
}

space_transfers::work restoring(const space_command& what, const space& where) {
  return [=, file = what.file, add = what.add]() -> result<json> {
    if (const auto empty = add ? result<void>{} : check_empty(where); !empty)
      return tl::unexpected(empty.error());
    return where.restore(file).map(with_tuple_count);
  };
}

bool is_transfer(std::string_view operation) {
  return operation == "move" || operation == "copy" || operation == "snapshot"
         || operation == "restore";
}

/// What is done to a space, but for watches, transfers and benches.
constexpr std::array<std::pair<std::string_view, void (*)(const space_errand&)>,
                     9>
    space_errands{{{"write", run_write},
                   {"read", run_read},
                   {"take", run_take},
                   {"claim", run_claim},
                   {"confirm", run_confirm},
                   {"release", run_release},
                   {"count", run_count},
                   {"clear", run_clear},
                   {"stats", run_stats}}};

} // namespace

space_commands::space_commands(std::shared_ptr<node_services> services)
    : services_{std::move(services)},
      watches_{std::make_shared<space_watches>()},
      transfers_{std::make_shared<space_transfers>()} {}

json space_commands::list() const {
  auto all = json::array();
  for (const auto& each : services_->spaces->entries())
    all.push_back(space_json(each));
  return {{"ok", true}, {"spaces", std::move(all)}};
}

result<const space_table::entry*>
space_commands::only_one(const std::string& tenant) const {
  std::vector<const space_table::entry*> found;
  std::vector<std::string> all;
  for (const auto& each : services_->spaces->entries()) {
    all.push_back(full_name(each.options));
    if (each.options.tenant == tenant)
      found.push_back(&each);
  }
  if (found.size() == 1)
    return found.front();
  if (all.empty())
    return fail(errc::not_found,
                fmt::format("node {} may use no tuple space", services_->name));
  if (found.empty())
    return fail(
        errc::not_found,
        fmt::format("the tenant {} has no tuple space that node {} may use; "
                    "there are, with tenant and namespace: {}",
                    tenant, services_->name, fmt::join(all, ", ")));
  std::vector<std::string> own;
  for (const auto* each : found)
    own.push_back(each->options.name_space == "default"
                      ? each->options.name
                      : each->options.name_space + "/" + each->options.name);
  return fail(errc::invalid_argument,
              fmt::format("the tenant {} has {} tuple spaces; say which: {}",
                          tenant, own.size(), fmt::join(own, ", ")));
}

result<const space_table::entry*>
space_commands::find(const space_command& what) const {
  if (what.space.empty())
    return only_one(what.tenant);
  return services_->spaces->find_entry(what.tenant, what.space);
}

result<space_transfers::work>
space_commands::work_of(const space_command& what, const space& where) const {
  if (what.operation == "snapshot")
    return saving(what, where);
  if (what.operation == "restore")
    return restoring(what, where);
  const auto to = services_->spaces->find(what.tenant, what.to);
  if (!to)
    return tl::unexpected(to.error());
  return carrying(what, where, *to);
}

void space_commands::run(caf::event_based_actor* self,
                         const space_command& what, space_answer_to to) const {
  constexpr std::size_t events_at_once = 1000;
  if (what.operation == "next")
    return watches_->next(self, what.watch, what.timeout,
                          what.limit.value_or(events_at_once),
                          telling(std::move(to), news_json));
  if (what.operation == "unwatch")
    return watches_->end(self, what.watch, telling_done(to));
  if (what.operation == "transfer")
    return transfers_->await(self, what.transfer, std::move(to));
  const auto of = find(what);
  if (!of)
    return to(tl::unexpected(of.error()));
  const space_errand on{self, *of, space{(*of)->doors}, what, std::move(to)};
  if (is_transfer(what.operation)) {
    auto work = work_of(what, on.where);
    if (!work)
      return on.to(tl::unexpected(work.error()));
    return transfers_->begin(self, *std::move(work), on.to);
  }
  if (what.operation == "watch")
    return watches_->begin(self, on.where, what.pattern,
                           telling(on.to, [](std::uint64_t number) {
                             return json{{"ok", true}, {"watch", number}};
                           }));
  if (what.operation == "bench")
    return run_bench(on, services_->name);
  for (const auto& [name, carry_out] : space_errands)
    if (name == what.operation)
      return carry_out(on);
}

} // namespace weft

#include "tests/simulation/spaces/observed_histories.hpp"

#include <algorithm>

namespace weft::spaces::simulation {

namespace {

/// Claims that were given in a history: others can be neither confirmed nor
/// released in it.
std::set<checkers::claim_id> claims_given(const checkers::history& in) {
  std::set<checkers::claim_id> given;
  for (const auto& each : in.operations)
    if (each.what == verb::claim && each.how == outcome::ok && each.answer)
      given.insert(each.claim);
  return given;
}

} // namespace

client_id observed_histories::name_at(std::uint64_t user, std::size_t shard) {
  const auto [at, fresh] = shards_[shard].names.try_emplace(user);
  if (fresh)
    at->second = ++last_name_;
  return at->second;
}

std::vector<client_id> observed_histories::names_of(std::uint64_t user) {
  std::vector<client_id> names;
  for (std::size_t shard = 0; shard < shards_.size(); ++shard)
    names.push_back(name_at(user, shard));
  return names;
}

void observed_histories::on_dropped(std::uint64_t user, std::size_t shard,
                                    checkers::tick now) {
  auto& mine = shards_[shard];
  const auto known = mine.names.find(user);
  if (known == mine.names.end())
    return;
  mine.deaths.push_back({known->second, now});
  mine.names.erase(known);
}

void observed_histories::on_died(std::uint64_t user, checkers::tick now) {
  for (std::size_t shard = 0; shard < shards_.size(); ++shard)
    on_dropped(user, shard, now);
}

void observed_histories::add(const life_name& where, operation what,
                             const std::vector<client_id>& names) {
  what.client = names[where.shard];
  shards_[where.shard].entries.push_back({std::move(what), where.life});
}

void observed_histories::add_anywhere(std::size_t shard, operation what,
                                      const std::vector<client_id>& names) {
  what.client = names[shard];
  shards_[shard].entries.push_back({std::move(what), {}});
}

checkers::history observed_histories::history_of(const life_name& where,
                                                 const shard_life& life) const {
  const auto& all = shards_[where.shard];
  checkers::history made;
  made.slack = 2;
  std::set<client_id> names;
  for (const auto& each : all.entries) {
    const bool here = each.life ? *each.life == where.life
                                : each.what.invoked <= life.ended
                                      && (each.what.how == outcome::unknown
                                          || each.what.responded >= life.began);
    if (!here)
      continue;
    made.operations.push_back(each.what);
    names.insert(each.what.client);
  }
  const auto given = claims_given(made);
  std::erase_if(made.operations, [&](const operation& each) {
    const bool ends = each.what == verb::confirm || each.what == verb::release;
    return ends && each.how != outcome::ok && !given.contains(each.claim);
  });
  for (const auto& each : all.deaths)
    if (names.contains(each.client))
      made.deaths.push_back(each);
  return made;
}

std::map<life_name, checkers::history> observed_histories::finish(
    cluster& of, const virtual_time& time,
    const std::function<std::uint64_t(const tuple&)>& number_of) {
  std::map<life_name, checkers::history> all;
  for (std::size_t shard = 0; shard < shards_.size(); ++shard)
    for (std::size_t life = 0; life < of.lives(shard).size(); ++life)
      all[{shard, life}] = history_of({shard, life}, of.lives(shard)[life]);
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) {
    auto& last = all.at({shard, of.lives(shard).size() - 1});
    const auto held = of.shard(shard)->submit(
        {0, 0}, 1, call::read_all{*make_pattern({}, true), answer_tuples_max},
        time.now());
    last.remaining.emplace();
    for (const auto& each : std::get<reply::found>(*held).tuples)
      last.remaining->push_back(number_of(each.what));
    // So that the history ends when this was looked at.
    operation look;
    look.what = verb::read;
    look.client = ++last_name_;
    look.invoked = time.microseconds();
    look.responded = look.invoked + 1;
    if (!last.remaining->empty())
      look.answer = last.remaining->front();
    last.operations.push_back(look);
  }
  return all;
}

} // namespace weft::spaces::simulation

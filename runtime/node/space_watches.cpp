#include "runtime/node/space_watches.hpp"

#include "runtime/node/gateway.hpp"

#include <fmt/format.h>

namespace weft {

namespace {

using namespace std::chrono_literals;

constexpr auto sweep_period = 10s;
/// Of those that wait for their reader, which may be a slow terminal.
constexpr std::size_t watch_buffer = 10'000;

tl::unexpected<failure> no_watch(std::uint64_t which) {
  return fail(errc::not_found,
              fmt::format("there is no watch {}; one that nobody asks for {} s "
                          "is ended",
                          which, space_watches::idle_max.count()));
}

} // namespace

void space_watches::begin(caf::event_based_actor* self, const space& where,
                          spaces::pattern what,
                          std::function<void(result<std::uint64_t>)> done) {
  if (entries_.size() >= watches_max)
    return done(
        fail(errc::exhausted,
             fmt::format("{} watches are under way already", watches_max)));
  spaces::watch_options options;
  options.buffer = watch_buffer;
  where.in(self)
      .watch(std::move(what), options)
      .then([me = shared_from_this(), self, where,
             done = std::move(done)](const result<watch_key>& key) {
        if (!key)
          return done(tl::unexpected(key.error()));
        me->entries_.emplace(++me->last_, entry{where, *key, clock::now()});
        me->sweep_later(self);
        done(me->last_);
      });
}

void space_watches::next(caf::event_based_actor* self, std::uint64_t which,
                         spaces::duration timeout, std::size_t limit,
                         std::function<void(result<watch_news>)> done) {
  const auto found = entries_.find(which);
  if (found == entries_.end())
    return done(no_watch(which));
  auto& watch = found->second;
  if (watch.busy)
    return done(fail(errc::already_exists,
                     fmt::format("watch {} is asked by another", which)));
  watch.busy = true;
  watch.where.in(self)
      .next_events(watch.key, timeout, limit)
      .then([me = shared_from_this(), which,
             done = std::move(done)](const result<watch_news>& got) {
        me->finish(which, got);
        done(got);
      });
}

void space_watches::finish(std::uint64_t which, const result<watch_news>& got) {
  const auto found = entries_.find(which);
  if (found == entries_.end())
    return;
  if (!got || got->ended) {
    entries_.erase(found);
    return;
  }
  found->second.busy = false;
  found->second.asked = clock::now();
}

void space_watches::end(caf::event_based_actor* self, std::uint64_t which,
                        std::function<void(result<void>)> done) {
  const auto found = entries_.find(which);
  if (found == entries_.end())
    return done(no_watch(which));
  const auto ended = std::move(found->second);
  entries_.erase(found);
  ended.where.in(self).unwatch(ended.key).then(std::move(done));
}

void space_watches::sweep_later(caf::event_based_actor* self) {
  if (std::exchange(sweeping_, true))
    return;
  delayed_send(
      self, self, sweep_period,
      gateway_task{[me = shared_from_this()](auto* mine) { me->sweep(mine); }});
}

void space_watches::sweep(caf::event_based_actor* self) {
  sweeping_ = false;
  std::vector<std::uint64_t> idle;
  for (const auto& [number, watch] : entries_)
    if (!watch.busy && clock::now() - watch.asked > idle_max)
      idle.push_back(number);
  for (const auto number : idle)
    end(self, number, [](const auto&) {});
  if (!entries_.empty())
    sweep_later(self);
}

} // namespace weft

#include "spaces/router_core.hpp"
#include "spaces/routing.hpp"
#include "tests/unit/spaces/support.hpp"

#include <cstdlib>
#include <functional>
#include <random>
#include <set>

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

/// Two routers before three shards; messages between them take random times,
/// in order on each way, in virtual time.
///
///     router 0 --+-- shard 0
///                +-- shard 1
///     router 1 --+-- shard 2
///
/// Every tuple is unique: a number. Takes ask for any.
class routed_space {
public:
  explicit routed_space(std::uint64_t seed) : random_{seed} {
    for (std::size_t i = 0; i < shards; ++i)
      shards_.push_back(
          std::make_unique<space_core>(space_options{}, seed + i));
    for (std::size_t i = 0; i < routers; ++i)
      routers_.emplace_back(shards);
  }

  void run() {
    for (int i = 0; i < 60; ++i)
      later(some_time(200), [this] { write(); });
    for (int i = 0; i < 60; ++i)
      later(some_time(200), [this] { take(); });
    for (int i = 0; i < 10; ++i)
      later(some_time(200), [this] { stop(); });
    work();
    check();
  }

private:
  static constexpr std::size_t shards = 3;
  static constexpr std::size_t routers = 2;

  duration some_time(std::uint64_t milliseconds_max) {
    return std::chrono::milliseconds{
        static_cast<std::int64_t>(random_() % milliseconds_max)};
  }

  std::int64_t number_of(const tuple& what) { return what[0].as_i64(); }

  void later(duration delay, std::function<void()> what) {
    events_.emplace(std::pair{now_ + delay, ++order_}, std::move(what));
  }

  /// After a random time, but not before what was sent on the same way.
  void send(std::size_t way, std::function<void()> what) {
    auto& last = last_on_[way];
    last = std::max(last, now_ + some_time(20));
    later(last - now_, std::move(what));
  }

  void write() {
    const auto number = ++last_number_;
    const auto what = tuple_of(number);
    const auto shard = routing_.shard_for(what);
    REQUIRE(shards_[shard]->write(what, {}, now_));
    there_.insert(number);
    after_shard(shard);
  }

  void take() {
    const ticket by = ++last_ticket_;
    const auto router = by % routers;
    const auto timeout =
        random_() % 3 == 0 ? duration::zero() : 1ms + some_time(300);
    open_.insert(by);
    routers_[router].take(p("[_]"), {by, by, timeout, {}}, now_);
    after_router(router);
  }

  void stop() {
    if (open_.empty())
      return;
    const auto by = *open_.begin();
    open_.erase(by);
    stopped_.insert(by);
    routers_[by % routers].stop(by);
    after_router(by % routers);
  }

  void work() {
    while (!events_.empty() || next_deadline()) {
      const auto deadline = next_deadline();
      if (events_.empty()
          || (deadline && *deadline < events_.begin()->first.first)) {
        now_ = std::max(now_, *deadline);
        advance();
        continue;
      }
      auto first = events_.extract(events_.begin());
      now_ = std::max(now_, first.key().first);
      first.mapped()();
    }
  }

  std::optional<time_point> next_deadline() const {
    std::optional<time_point> first;
    const auto add = [&first](const std::optional<time_point>& one) {
      if (one && (!first || *one < *first))
        first = one;
    };
    for (const auto& each : shards_)
      add(each->next_deadline());
    for (const auto& each : routers_)
      add(each.next_deadline());
    return first;
  }

  void advance() {
    for (std::size_t i = 0; i < shards; ++i) {
      shards_[i]->advance(now_);
      after_shard(i);
    }
    for (std::size_t i = 0; i < routers; ++i) {
      routers_[i].advance(now_);
      after_router(i);
    }
  }

  void after_router(std::size_t router) {
    while (const auto next = routers_[router].next_effect()) {
      if (const auto* sent = std::get_if<router_effect::send>(&*next))
        send(router * shards + sent->shard,
             [this, router, sent = *sent] { on_command(router, sent); });
      else if (const auto* done = std::get_if<router_effect::answered>(&*next))
        finish(done->ticket, done->answer.tuples);
      else if (const auto* late = std::get_if<router_effect::timed_out>(&*next))
        finish(late->ticket, {});
      else
        FAIL("no shard is lost");
    }
  }

  void finish(ticket by, const std::vector<found_tuple>& tuples) {
    REQUIRE(open_.erase(by) == 1);
    for (const auto& each : tuples) {
      REQUIRE(there_.erase(number_of(each.what)) == 1);
      ++taken_;
    }
  }

  void on_command(std::size_t router, const router_effect::send& sent) {
    auto& shard = *shards_[sent.shard];
    const auto by = sent.ticket;
    if (std::holds_alternative<shard_command::withdraw>(sent.command)) {
      shard.withdraw(by);
    } else if (const auto* wish =
                   std::get_if<shard_command::interest>(&sent.command)) {
      REQUIRE(shard.interest(wish->what,
                             {by, by, wish->timeout, wish->claim_lease}, now_));
    } else if (const auto* claim =
                   std::get_if<shard_command::take_offer>(&sent.command)) {
      const auto got = shard.take_offer(by, claim->id, now_);
      answer(router, sent.shard, by,
             got ? *got : std::optional<space_core::taken>{});
    } else {
      const auto& take = std::get<shard_command::take>(sent.command);
      answer(
          router, sent.shard, by,
          shard.take(take.what, {by, by, {}, take.claim_lease}, now_).value());
    }
    after_shard(sent.shard);
  }

  void answer(std::size_t router, std::size_t shard, ticket by,
              std::optional<space_core::taken> got) {
    std::optional<found_tuple> found;
    if (got)
      found = got->found;
    send(shards * routers + shard * routers + router,
         [this, router, shard, by, found] {
           // A client that stopped meanwhile has taken it all the same.
           if (found && stopped_.contains(by)) {
             REQUIRE(there_.erase(number_of(found->what)) == 1);
             ++taken_;
           }
           routers_[router].on_found(shard, by, found, 0);
           after_router(router);
         });
  }

  void after_shard(std::size_t shard) {
    while (const auto next = shards_[shard]->next_effect())
      if (const auto* offered = std::get_if<effect::offered>(&*next)) {
        const auto router = offered->ticket % routers;
        send(shards * routers + shard * routers + router,
             [this, router, shard, offered = *offered] {
               routers_[router].on_offer(shard, offered.ticket, offered.id);
               after_router(router);
             });
      }
  }

  void check() {
    CHECK(open_.empty());
    for (const auto& each : routers_)
      CHECK(each.waiting() == 0);
    std::size_t left = 0;
    for (const auto& each : shards_) {
      CHECK(each->statistics().waiters == 0);
      left += each->statistics().index.tuples;
    }
    // Nothing is lost and nothing is there twice.
    CHECK(left == there_.size());
    CHECK(left + taken_ == static_cast<std::size_t>(last_number_));
  }

  std::mt19937_64 random_;
  time_point now_{1h};
  std::uint64_t order_ = 0;
  std::map<std::pair<time_point, std::uint64_t>, std::function<void()>> events_;
  std::map<std::size_t, time_point> last_on_;
  std::vector<std::unique_ptr<space_core>> shards_;
  routing routing_{shards, {0}};
  std::vector<router_core> routers_;
  std::int64_t last_number_ = 0;
  ticket last_ticket_ = 0;
  std::set<std::int64_t> there_;
  std::set<ticket> open_;
  std::set<ticket> stopped_;
  std::size_t taken_ = 0;
};

} // namespace

TEST_CASE("takes over all shards lose no tuple and take none twice") {
  const auto* given = std::getenv("WEFT_TEST_SEED");
  const auto seed =
      given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  MESSAGE("WEFT_TEST_SEED=", seed);
  for (std::uint64_t i = 0; i < 200; ++i) {
    CAPTURE(i);
    routed_space{seed + i}.run();
  }
}

} // namespace weft::spaces

#pragma once

#include "spaces/client_core.hpp"
#include "tests/unit/spaces/reply_text.hpp"

#include <array>
#include <map>

namespace weft::spaces {

/// A client of three shards, which a test plays itself.
struct client_fixture {
  static constexpr std::size_t shards = 3;

  explicit client_fixture(const client_options& options = {},
                          bool connected = true)
      : client{routing{shards, {0}}, options} {
    for (std::size_t shard = 0; shard < shards && connected; ++shard)
      client.on_up(shard, false, now);
  }

  using shard_end = session_link<session_reply, session_call>;

  client_core client;
  routing where{shards, {0}};
  time_point now{std::chrono::hours{1}};
  std::array<shard_end, shards> ends;
  call_number last = 0;
  std::uint64_t user = 7;
  /// The numbers under which shards know calls of the client's own, by the
  /// shard and what `effects` says of the call.
  std::map<std::string, call_number> own;
  bool loses_frames = false;

  /// A tuple, or the pattern for it, of a shard.
  std::string at(std::size_t shard, int rest = 0) const {
    for (int i = 0;; ++i) {
      auto text = fmt::format("[\"{}\", {}]", i, rest);
      if (where.shard_for(t(text)) == shard)
        return text;
    }
  }

  call_number ask(any_call what, std::optional<std::size_t> shard = {}) {
    client.submit(user, ++last, std::move(what), shard, now);
    return last;
  }

  /// What the client does: "take 1 to 0", "stop of 1 by 7 to 0", and answers:
  /// "1: [1] @0".
  texts effects() {
    texts all;
    while (const auto next = client.next_effect(now))
      if (const auto* sent = std::get_if<client_effect::send>(&*next))
        receive(*sent, all);
      else
        all.push_back(text_of(std::get<client_effect::answered>(*next)));
    return all;
  }

  /// The shard answers a call by its number.
  texts reply(std::size_t shard, call_number number, any_reply what) {
    ends[shard].push({number, std::move(what)}, 1);
    while (const auto frame = ends[shard].next_frame(now))
      client.on_frame(shard, *frame, now);
    return effects();
  }
  /// The same for a call of the client's own.
  texts reply(std::size_t shard, const std::string& to, any_reply what) {
    const auto found = own.find(to);
    REQUIRE_MESSAGE(found != own.end(), to);
    return reply(shard, found->second, std::move(what));
  }

  texts pass(duration time) {
    now += time;
    client.advance(now);
    return effects();
  }

  texts away(std::size_t shard) {
    client.on_away(shard, now);
    return effects();
  }
  /// Back with what it knew.
  texts back(std::size_t shard) {
    client.on_up(shard, true, now);
    return effects();
  }
  /// Another shard, empty, is in its place.
  texts replace(std::size_t shard) {
    ends[shard] = shard_end{};
    client.on_up(shard, false, now);
    auto all = effects();
    CHECK_FALSE(client.is_up(shard));
    client.on_up(shard, false, now);
    CHECK(client.is_up(shard));
    for (auto& each : effects())
      all.push_back(std::move(each));
    return all;
  }

  static reply::found found(std::string_view text, claim_id claim = 0) {
    return {{{{1, {}}, t(text)}}, claim};
  }
  static reply::events added(std::initializer_list<const char*> tuples) {
    reply::events made;
    for (const auto* each : tuples)
      made.list.push_back({watch_kind::added, {}, t(each)});
    return made;
  }

private:
  void receive(const client_effect::send& sent, texts& all) {
    if (loses_frames)
      return;
    const auto items = ends[sent.shard].receive(sent.frame, now);
    if (!items)
      return;
    for (const auto& each : *items) {
      all.push_back(text_of(each, sent.shard));
      own[all.back()] = each.number;
    }
  }

  static std::string text_of(const session_call& what, std::size_t shard) {
    static constexpr std::array names{
        "write",   "read",    "take",        "read_all",  "take_all",
        "collect", "count",   "swap",        "renew",     "cancel",
        "confirm", "release", "renew_claim", "interest",  "take_offer",
        "stop",    "watch",   "fetch",       "arrive",    "statistics",
        "clear",   "leave",   "list",        "next_part", "carry"};
    const auto* name = names[what.what.index()];
    if (const auto* stop = std::get_if<call::stop>(&what.what))
      return fmt::format("stop of {} by {} to {}", stop->of, what.user, shard);
    if (const auto* fetch = std::get_if<call::fetch>(&what.what))
      return fmt::format("fetch of {} to {}", fetch->of, shard);
    if (const auto* claim = std::get_if<call::take_offer>(&what.what))
      return fmt::format("take_offer of {} to {}", claim->of, shard);
    if (std::holds_alternative<call::leave>(what.what))
      return fmt::format("leave by {} to {}", what.user, shard);
    return fmt::format("{} {} to {}", name, what.number, shard);
  }

  static std::string text_of(const client_effect::answered& what) {
    auto made = fmt::format("{}: {}", what.number, words_of(what.answer.what));
    if (what.answer.shard)
      made += fmt::format(" @{}", *what.answer.shard);
    return made;
  }
};

} // namespace weft::spaces

#pragma once

#include "spaces/client_core.hpp"
#include "tests/unit/spaces/support.hpp"

namespace weft::spaces {

/// One call of each kind, in their order, with nothing left as it is by
/// itself.
inline std::vector<any_call> sample_calls() {
  using namespace std::chrono_literals;
  const auto any = p("[\"a\"*, 1..7, _]");
  const new_tuple one{t("[\"a\", 1, [2.5, null]]"), 3s};
  const new_tuple two{t("[true]"), {}};
  const tuple_id id{0xFFFF'FFFF'FFFF'FFFF, {7, 0xFFFF'FFFF}};
  return {
      call::write{{one, two}},
      call::read{any, 1h},
      call::take{any, 2ns, 5s},
      call::read_all{any, 77},
      call::take_all{any, 78, 6s},
      call::collect{{any, p("[_, ...]")}, collect_form::read, 7s, 8s},
      call::count{any},
      call::swap{any, one, t("[4]")},
      call::renew{id, 9s},
      call::cancel{id},
      call::confirm{123, {one, two}},
      call::release{124},
      call::renew_claim{125, 10s},
      call::interest{any, 11s, 12s},
      call::take_offer{126, id},
      call::stop{127},
      call::watch{any, {5, 128, overflow_policy::disconnect}},
      call::fetch{129, 130, 13s},
      call::arrive{"name", "who", 131, reduce_operation::logical_or,
                   value{true}, 14s},
      call::statistics{},
      call::clear{},
      call::leave{},
      call::list{any},
      call::next_part{132},
      call::carry{any, 133, 15s},
  };
}

inline space_statistics sample_statistics() {
  space_statistics made;
  made.index = {1, 2, 3, 4, 5, 6, {}};
  made.index.shapes.push_back({2, "string,i64", {0, 1}, 1, 3, 4, 5});
  made.written = 7;
  made.taken = 8;
  made.expired = 9;
  made.handed_off = 10;
  made.takers_woken = 11;
  made.readers_woken = 12;
  made.interest_probes = 13;
  made.waiters = 14;
  made.claims = 15;
  made.watches = 16;
  made.barriers = 17;
  made.watch_events_dropped = 18;
  made.oldest_sequence = 19;
  made.last_sequence = 20;
  return made;
}

inline std::vector<any_reply> sample_replies() {
  using namespace std::chrono_literals;
  const tuple_id id{300, {7, 8}};
  const found_tuple found{id, t("[\"x\", 2.5]")};
  return {
      reply::written{{id, {301, {9, 10}}}},
      reply::found{{found, {id, t("[null, -7]")}}, 0xFFFF'FFFF'FFFF},
      reply::counted{17},
      reply::swapped{found, id},
      reply::done{},
      reply::offered{id},
      reply::timed_out{},
      reply::events{{{watch_kind::expired, id, found.what}}, 3, true, true},
      reply::gathered{18, value{f64_array{1.5, -0.0}}},
      reply::not_gathered{19, 20, 21, {"one", "another"}},
      reply::statistics{sample_statistics()},
      failure{errc::internal, "why"},
      reply::carried{{{found.what, 16ns}, {t("[7]"), {}}}, 22, 23, true, 24},
  };
}

inline call_frame sample_call_frame() {
  auto items = std::make_shared<std::vector<session_call>>();
  for (auto& each : sample_calls())
    items->push_back({1000 + items->size(), 5, std::move(each)});
  return {17, 18, std::move(items)};
}

inline reply_frame sample_reply_frame() {
  auto items = std::make_shared<std::vector<session_reply>>();
  for (auto& each : sample_replies())
    items->push_back({1000 + items->size(), std::move(each)});
  return {19, 20, std::move(items)};
}

} // namespace weft::spaces

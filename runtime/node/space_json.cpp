#include "runtime/node/space_json.hpp"

#include "spaces/text.hpp"

namespace weft {

namespace {

using nlohmann::json;

json shape_json(const spaces::shape_statistics& of) {
  return {{"arity", of.arity},
          {"types", of.types},
          {"fixed", of.fixed},
          {"ordered", of.ordered ? json(*of.ordered) : json()},
          {"tuples", of.tuples},
          {"groups", of.groups},
          {"lookups", of.lookups}};
}

const char* event_name(spaces::watch_kind kind) {
  switch (kind) {
  case spaces::watch_kind::added:
    return "added";
  case spaces::watch_kind::taken:
    return "taken";
  case spaces::watch_kind::expired:
    break;
  }
  return "expired";
}

} // namespace

json tuple_json(const spaces::tuple& what) {
  return json::parse(spaces::to_text(what), nullptr, false);
}

json tuples_json(std::span<const spaces::tuple> tuples) {
  auto list = json::array();
  for (const auto& each : tuples)
    list.push_back(tuple_json(each));
  return list;
}

json space_json(const space_table::entry& of) {
  const auto& space = of.options;
  const bool by_number = space.route_by == config::space_routing::number;
  return {{"name", space.name},
          {"tenant", space.tenant},
          {"namespace", space.name_space},
          {"shards", space.shards},
          {"routing", space.routing},
          {"route_by", by_number ? "number" : "hash"},
          {"carriers", of.carriers}};
}

json shard_json(std::uint32_t shard, const std::string& node,
                const spaces::space_statistics& of) {
  auto shapes = json::array();
  for (const auto& shape : of.index.shapes)
    shapes.push_back(shape_json(shape));
  return {{"shard", shard},
          {"node", node},
          {"tuples", of.index.tuples},
          {"hidden", of.index.hidden},
          {"bytes", of.index.content_bytes},
          {"lookups", of.index.lookups},
          {"probes", of.index.probes},
          {"written", of.written},
          {"taken", of.taken},
          {"expired", of.expired},
          {"handed_off", of.handed_off},
          {"waiters", of.waiters},
          {"claims", of.claims},
          {"watches", of.watches},
          {"barriers", of.barriers},
          {"watch_events_dropped", of.watch_events_dropped},
          {"oldest_sequence", of.oldest_sequence},
          {"last_sequence", of.last_sequence},
          {"only_grows", only_grows(of)},
          {"shapes", std::move(shapes)}};
}

json news_json(const watch_news& what) {
  auto events = json::array();
  for (const auto& each : what.events)
    events.push_back(
        {{"event", event_name(each.kind)}, {"tuple", tuple_json(each.what)}});
  return {{"ok", true},
          {"events", std::move(events)},
          {"dropped", what.dropped},
          {"ended", what.ended}};
}

bool only_grows(const spaces::space_statistics& of) {
  return of.index.tuples >= 1000 && 2 * of.index.tuples > of.last_sequence
         && of.oldest_sequence > 0
         && of.oldest_sequence <= of.last_sequence / 100 + 1;
}

} // namespace weft

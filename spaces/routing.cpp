#include "spaces/routing.hpp"

#include "runtime/base/assert.hpp"
#include "spaces/hash_ring.hpp"

#include <fmt/format.h>

namespace weft::spaces {

namespace {

/// Part of how tuples are spread over shards: never changes.
constexpr std::uint64_t routing_seed = 0x452821E638D01377;
constexpr std::uint64_t absent = 0xBE5466CF34E90C6C;

std::uint64_t add_field(std::uint64_t state, const block& of,
                        std::size_t position) {
  if (position >= of.arity())
    return mix(state ^ absent, routing_seed);
  return hash(of.cells()[position], of.outside(), state);
}

using target = result<std::optional<std::size_t>>;

tl::unexpected<failure> spread(std::string_view what) {
  return fail(errc::unsupported,
              fmt::format("{} on several shards at once; give them the same "
                          "values in the space's routing fields",
                          what));
}

} // namespace

/// What `target_of` says of each kind of call.
class routing::targeting {
public:
  targeting(const routing& of, std::optional<std::size_t> at)
      : of_{of}, at_{at} {}

  target operator()(const call::write& what) const {
    return of_tuples(what.tuples, {}, "one write cannot put tuples");
  }
  target operator()(const call::read& what) const {
    return of_.shard_for(what.what);
  }
  target operator()(const call::take& what) const {
    return of_.shard_for(what.what);
  }
  target operator()(const call::read_all& what) const {
    return of_.shard_for(what.what);
  }
  target operator()(const call::take_all& what) const {
    const auto shard = of_.shard_for(what.what);
    if (!shard && what.claim_lease)
      return spread("one claim cannot hold tuples");
    return shard;
  }
  target operator()(const call::collect& what) const {
    std::optional<std::size_t> shard;
    for (const auto& each : what.patterns) {
      const auto own = of_.shard_for(each);
      if (!own || own != shard.value_or(*own))
        return spread("a collect cannot look for tuples");
      shard = own;
    }
    return shard.value_or(0);
  }
  target operator()(const call::count& what) const {
    return of_.shard_for(what.what);
  }
  target operator()(const call::swap& what) const {
    const auto shard = of_.shard_for(what.what);
    if (!shard || *shard != of_.shard_for(what.with.what))
      return spread("a swap cannot take and write");
    return shard;
  }
  target operator()(const call::renew&) const { return given(); }
  target operator()(const call::cancel&) const { return given(); }
  target operator()(const call::confirm& what) const {
    const auto shard = given();
    if (!shard)
      return shard;
    return of_tuples(what.writes, *shard,
                     "a confirmation cannot remove and write tuples");
  }
  target operator()(const call::release&) const { return given(); }
  target operator()(const call::renew_claim&) const { return given(); }
  target operator()(const call::list&) const { return given(); }
  target operator()(const call::next_part&) const { return given(); }
  target operator()(const call::carry&) const { return given(); }
  target operator()(const call::watch& what) const {
    return of_.shard_for(what.what);
  }
  target operator()(const call::arrive& what) const {
    return of_.shard_for(what.name);
  }
  target operator()(const call::statistics&) const { return everywhere(); }
  target operator()(const call::clear&) const { return everywhere(); }

  template <class Other>
  target operator()(const Other&) const {
    return fail(errc::invalid_argument, "no call for a caller of a space");
  }

private:
  target everywhere() const {
    return of_.shards_ == 1 ? std::optional<std::size_t>{0} : std::nullopt;
  }

  target given() const {
    if (!at_ || *at_ >= of_.shards_)
      return fail(errc::invalid_argument,
                  fmt::format("expected a shard below {}, got {}", of_.shards_,
                              at_ ? std::to_string(*at_) : "none"));
    return at_;
  }

  target of_tuples(const std::vector<new_tuple>& tuples,
                   std::optional<std::size_t> shard,
                   std::string_view what) const {
    for (const auto& each : tuples) {
      const auto own = of_.shard_for(each.what);
      if (own != shard.value_or(own))
        return spread(what);
      shard = own;
    }
    return shard.value_or(0);
  }

  const routing& of_;
  std::optional<std::size_t> at_;
};

routing::routing(std::size_t shards, std::vector<std::size_t> fields,
                 routing_rule rule)
    : shards_{shards}, fields_{std::move(fields)}, rule_{rule} {
  WEFT_ASSERT(shards_ > 0 && !fields_.empty());
  WEFT_ASSERT(rule_ == routing_rule::hash || fields_.size() == 1);
}

std::size_t routing::shard_by(const block& of) const {
  const auto first = fields_.front();
  if (rule_ == routing_rule::number && first < of.arity()) {
    const auto& cell = of.cells()[first];
    if (cell.kind == static_cast<std::uint8_t>(field_type::i64)) {
      const auto number = static_cast<std::int64_t>(cell.second_word());
      const auto shards = static_cast<std::int64_t>(shards_);
      return static_cast<std::size_t>((number % shards + shards) % shards);
    }
  }
  auto state = routing_seed;
  for (const auto position : fields_)
    state = add_field(state, of, position);
  return shard_of(state, shards_);
}

std::size_t routing::shard_for(const tuple& what) const {
  return shard_by(what.memory());
}

std::optional<std::size_t> routing::shard_for(const pattern& what) const {
  if (shards_ == 1)
    return 0;
  const auto& memory = what.memory();
  for (const auto position : fields_) {
    const bool known = position < memory.arity()
                           ? memory.cells()[position].is_field()
                           : !what.open();
    if (!known)
      return std::nullopt;
  }
  return shard_by(memory);
}

std::size_t routing::shard_for(std::string_view name) const {
  const auto as_tuple = tuple_of(name);
  return shard_of(add_field(routing_seed, as_tuple.memory(), 0), shards_);
}

result<std::optional<std::size_t>>
routing::target_of(const any_call& what, std::optional<std::size_t> at) const {
  return std::visit(targeting{*this, at}, what);
}

} // namespace weft::spaces

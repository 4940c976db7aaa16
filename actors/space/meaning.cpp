#include "actors/space/meaning.hpp"

#include <fmt/format.h>

namespace weft::actors {

namespace {

namespace reply = spaces::reply;

/// The answer if it is of the kind that is looked for, else the failure.
template <class Reply>
result<Reply> expect(spaces::space_answer& what) {
  if (auto* got = std::get_if<Reply>(&what.what))
    return std::move(*got);
  if (auto* why = std::get_if<failure>(&what.what))
    return tl::unexpected(std::move(*why));
  if (const auto* late = std::get_if<reply::not_gathered>(&what.what))
    return fail(errc::timed_out,
                fmt::format("{} of {} participants have come{}{}",
                            late->arrived, late->parties,
                            late->missing.empty() ? "" : "; missing: ",
                            fmt::join(late->missing, ", ")));
  return fail(errc::internal, "the space gave an answer of another kind");
}

std::vector<spaces::tuple> tuples_of(reply::found& what) {
  std::vector<spaces::tuple> tuples;
  tuples.reserve(what.tuples.size());
  for (auto& each : what.tuples)
    tuples.push_back(std::move(each.what));
  return tuples;
}

std::uint32_t shard_of(const spaces::space_answer& what) {
  return what.shard.value_or(0);
}

} // namespace

template <>
result<void> meaning(spaces::space_answer what, spaces::call_number) {
  return expect<reply::done>(what).map([](const auto&) {});
}

template <>
result<bool> meaning(spaces::space_answer what, spaces::call_number) {
  return expect<reply::found>(what).map(
      [](const auto& got) { return !got.tuples.empty(); });
}

template <>
result<std::uint64_t> meaning(spaces::space_answer what, spaces::call_number) {
  if (const auto* got = std::get_if<reply::gathered>(&what.what))
    return got->generation;
  return expect<reply::counted>(what).map(
      [](const auto& got) { return got.count; });
}

template <>
result<std::vector<tuple_key>> meaning(spaces::space_answer what,
                                       spaces::call_number) {
  return expect<reply::written>(what).map([&](const auto& got) {
    std::vector<tuple_key> keys;
    for (const auto& id : got.ids)
      keys.push_back({shard_of(what), id});
    return keys;
  });
}

template <>
result<tuple_key> meaning(spaces::space_answer what, spaces::call_number) {
  return expect<reply::written>(what).map([&](const auto& got) {
    return tuple_key{shard_of(what), got.ids.at(0)};
  });
}

template <>
result<std::vector<spaces::tuple>> meaning(spaces::space_answer what,
                                           spaces::call_number) {
  return expect<reply::found>(what).map(
      [](auto got) { return tuples_of(got); });
}

template <>
result<std::optional<spaces::tuple>> meaning(spaces::space_answer what,
                                             spaces::call_number) {
  using optional_tuple = std::optional<spaces::tuple>;
  if (auto* got = std::get_if<reply::swapped>(&what.what))
    return got->found ? optional_tuple{std::move(got->found->what)}
                      : optional_tuple{};
  return expect<reply::found>(what).map([](auto got) {
    return got.tuples.empty()
               ? optional_tuple{}
               : optional_tuple{std::move(got.tuples.front().what)};
  });
}

template <>
result<std::optional<std::vector<spaces::tuple>>>
meaning(spaces::space_answer what, spaces::call_number) {
  using optional_tuples = std::optional<std::vector<spaces::tuple>>;
  return expect<reply::found>(what).map([](auto got) {
    return got.tuples.empty() ? optional_tuples{}
                              : optional_tuples{tuples_of(got)};
  });
}

template <>
result<std::optional<claimed_tuples>> meaning(spaces::space_answer what,
                                              spaces::call_number) {
  using optional_claim = std::optional<claimed_tuples>;
  return expect<reply::found>(what).map([&](auto got) {
    if (got.tuples.empty())
      return optional_claim{};
    return optional_claim{{{shard_of(what), got.claim}, tuples_of(got)}};
  });
}

template <>
result<swap_outcome> meaning(spaces::space_answer what, spaces::call_number) {
  return expect<reply::swapped>(what).map([](auto got) {
    swap_outcome made;
    if (got.found)
      made.found = std::move(got.found->what);
    made.swapped = got.written.has_value();
    return made;
  });
}

template <>
result<spaces::value> meaning(spaces::space_answer what, spaces::call_number) {
  return expect<reply::gathered>(what).map([](auto got) {
    return std::move(got.outcome).value_or(spaces::value{});
  });
}

template <>
result<watch_key> meaning(spaces::space_answer what,
                          spaces::call_number number) {
  return expect<reply::done>(what).map(
      [number](const auto&) { return watch_key{number}; });
}

template <>
result<watch_news> meaning(spaces::space_answer what, spaces::call_number) {
  return expect<reply::events>(what).map([](auto got) {
    return watch_news{std::move(got.list), got.dropped, got.ended};
  });
}

template <>
result<std::vector<spaces::space_statistics>> meaning(spaces::space_answer what,
                                                      spaces::call_number) {
  return expect<reply::statistics>(what).map(
      [&](const auto&) { return std::move(what.statistics); });
}

template <>
result<reply::carried> meaning(spaces::space_answer what, spaces::call_number) {
  return expect<reply::carried>(what);
}

} // namespace weft::actors

#include "spaces/session_binary.hpp"

#include "spaces/binary.hpp"
#include "spaces/byte_reader.hpp"

#include <fmt/format.h>

namespace weft::spaces {

namespace {

// The fields of everything that travels, for the writer and the reader alike.

auto fields_of(call::write& x) {
  return std::tie(x.tuples);
}
auto fields_of(call::read& x) {
  return std::tie(x.what, x.timeout);
}
auto fields_of(call::take& x) {
  return std::tie(x.what, x.timeout, x.claim_lease);
}
auto fields_of(call::read_all& x) {
  return std::tie(x.what, x.limit);
}
auto fields_of(call::take_all& x) {
  return std::tie(x.what, x.limit, x.claim_lease);
}
auto fields_of(call::collect& x) {
  return std::tie(x.patterns, x.form, x.timeout, x.claim_lease);
}
auto fields_of(call::count& x) {
  return std::tie(x.what);
}
auto fields_of(call::swap& x) {
  return std::tie(x.what, x.with, x.expected);
}
auto fields_of(call::renew& x) {
  return std::tie(x.id, x.lease);
}
auto fields_of(call::cancel& x) {
  return std::tie(x.id);
}
auto fields_of(call::confirm& x) {
  return std::tie(x.claim, x.writes);
}
auto fields_of(call::release& x) {
  return std::tie(x.claim);
}
auto fields_of(call::renew_claim& x) {
  return std::tie(x.claim, x.lease);
}
auto fields_of(call::interest& x) {
  return std::tie(x.what, x.timeout, x.claim_lease);
}
auto fields_of(call::take_offer& x) {
  return std::tie(x.of, x.id);
}
auto fields_of(call::stop& x) {
  return std::tie(x.of);
}
auto fields_of(call::watch& x) {
  return std::tie(x.what, x.options);
}
auto fields_of(call::fetch& x) {
  return std::tie(x.of, x.limit, x.timeout);
}
auto fields_of(call::arrive& x) {
  return std::tie(x.name, x.participant, x.parties, x.operation, x.contribution,
                  x.timeout);
}
auto fields_of(call::statistics&) {
  return std::tie();
}
auto fields_of(call::clear&) {
  return std::tie();
}
auto fields_of(call::leave&) {
  return std::tie();
}
auto fields_of(call::list& x) {
  return std::tie(x.what);
}
auto fields_of(call::next_part& x) {
  return std::tie(x.list_number);
}
auto fields_of(call::carry& x) {
  return std::tie(x.what, x.until, x.lease);
}

auto fields_of(reply::written& x) {
  return std::tie(x.ids);
}
auto fields_of(reply::found& x) {
  return std::tie(x.tuples, x.claim);
}
auto fields_of(reply::counted& x) {
  return std::tie(x.count);
}
auto fields_of(reply::swapped& x) {
  return std::tie(x.found, x.written);
}
auto fields_of(reply::done&) {
  return std::tie();
}
auto fields_of(reply::offered& x) {
  return std::tie(x.id);
}
auto fields_of(reply::timed_out&) {
  return std::tie();
}
auto fields_of(reply::events& x) {
  return std::tie(x.list, x.dropped, x.more, x.ended);
}
auto fields_of(reply::gathered& x) {
  return std::tie(x.generation, x.outcome);
}
auto fields_of(reply::not_gathered& x) {
  return std::tie(x.generation, x.arrived, x.parties, x.missing);
}
auto fields_of(reply::statistics& x) {
  return std::tie(x.what);
}
auto fields_of(reply::carried& x) {
  return std::tie(x.tuples, x.claim, x.list_number, x.more, x.end);
}
auto fields_of(failure& x) {
  return std::tie(x.code, x.message);
}

auto fields_of(new_tuple& x) {
  return std::tie(x.what, x.lease);
}
auto fields_of(found_tuple& x) {
  return std::tie(x.id, x.what);
}
auto fields_of(tuple_id& x) {
  return std::tie(x.sequence, x.at.store, x.at.item);
}
auto fields_of(watch_event& x) {
  return std::tie(x.kind, x.id, x.what);
}
auto fields_of(watch_options& x) {
  return std::tie(x.kinds, x.buffer, x.overflow);
}
auto fields_of(shape_statistics& x) {
  return std::tie(x.arity, x.types, x.fixed, x.ordered, x.tuples, x.groups,
                  x.lookups);
}
auto fields_of(index_statistics& x) {
  return std::tie(x.tuples, x.hidden, x.content_bytes, x.probes, x.lookups,
                  x.shapes_built, x.shapes);
}
auto fields_of(space_statistics& x) {
  return std::tie(x.index, x.written, x.taken, x.expired, x.handed_off,
                  x.takers_woken, x.readers_woken, x.interest_probes, x.waiters,
                  x.claims, x.watches, x.barriers, x.watch_events_dropped,
                  x.oldest_sequence, x.last_sequence);
}
auto fields_of(session_call& x) {
  return std::tie(x.number, x.user, x.what);
}
auto fields_of(session_reply& x) {
  return std::tie(x.number, x.what);
}

template <class T>
concept has_fields = requires(T& x) {
  fields_of(x);
};

/// Which values of an enum may come.
constexpr bool is_value(collect_form x) {
  return x <= collect_form::take;
}
constexpr bool is_value(reduce_operation x) {
  return x <= reduce_operation::logical_or;
}
constexpr bool is_value(overflow_policy x) {
  return x <= overflow_policy::disconnect;
}
constexpr bool is_value(watch_kind x) {
  return x == watch_kind::added || x == watch_kind::taken
         || x == watch_kind::expired;
}
constexpr bool is_value(errc x) {
  return x > errc::none && x <= errc::internal;
}

/// About what an item of few fields takes.
constexpr std::size_t usual_item_bytes = 48;

class frame_writer {
public:
  explicit frame_writer(std::size_t items) {
    to_.reserve(items * usual_item_bytes);
  }

  std::string take() { return std::move(to_); }

  template <class T>
  void put(const T& x) {
    if constexpr (std::is_enum_v<T>)
      append_number(to_, static_cast<std::uint64_t>(x));
    else if constexpr (std::is_unsigned_v<T>)
      append_number(to_, x);
    else
      // Only reads; one list of fields serves both ways.
      std::apply([this](const auto&... each) { (put(each), ...); },
                 fields_of(const_cast<T&>(x)));
  }
  void put(const duration& x) { append_signed(to_, x.count()); }
  void put(const std::string& x) {
    append_number(to_, x.size());
    to_ += x;
  }
  void put(const tuple& x) { encode(x, to_); }
  void put(const pattern& x) { encode(x, to_); }
  void put(const value& x) { put(*tuple::make(std::span<const value>{&x, 1})); }
  template <class T>
  void put(const std::optional<T>& x) {
    put(x.has_value());
    if (x)
      put(*x);
  }
  template <class T>
  void put(const std::shared_ptr<const T>& x) {
    put(*x);
  }
  template <class T>
  void put(const std::vector<T>& x) {
    append_number(to_, x.size());
    for (const auto& each : x)
      put(each);
  }
  template <class... Ts>
  void put(const std::variant<Ts...>& x) {
    append_number(to_, x.index());
    std::visit([this](const auto& each) { put(each); }, x);
  }

private:
  std::string to_;
};

/// As many elements as a full frame has items have room at once; more only as
/// they come.
constexpr std::uint64_t elements_reserved = 1024;

class frame_reader {
public:
  explicit frame_reader(std::string_view from) : from_{from} {}

  bool good() const { return !wrong_; }
  tl::unexpected<failure> wrong() { return tl::unexpected(std::move(*wrong_)); }

  void expect_end() {
    if (good() && from_.left() > 0)
      stop(from_.wrong("expected the end, got more").value());
  }

  template <class T>
  void get(T& x) {
    if (!good())
      return;
    if constexpr (std::is_enum_v<T>)
      get_enum(x);
    else if constexpr (std::is_unsigned_v<T>)
      x = static_cast<T>(number(std::numeric_limits<T>::max()));
    else
      std::apply([this](auto&... each) { (get(each), ...); }, fields_of(x));
  }
  void get(duration& x) {
    if (auto read = from_.signed_number(); read)
      x = duration{*read};
    else
      stop(std::move(read.error()));
  }
  void get(std::string& x) {
    auto read = from_.bytes(number(from_.left()));
    if (good() && read)
      x = *read;
    else if (good())
      stop(std::move(read.error()));
  }
  void get(tuple& x) { decode_into(x, decode_tuple); }
  void get(pattern& x) { decode_into(x, decode_pattern); }
  void get(value& x) {
    tuple whole;
    get(whole);
    if (good() && whole.size() == 1)
      x = whole[0].to_value();
    else if (good())
      stop(from_.wrong("expected one field, got more").value());
  }
  template <class T>
  void get(std::optional<T>& x) {
    bool there = false;
    get(there);
    if (good() && there)
      get(x.emplace());
  }
  template <class T>
  void get(std::shared_ptr<const T>& x) {
    auto read = std::make_shared<T>();
    get(*read);
    x = std::move(read);
  }
  template <class T>
  void get(std::vector<T>& x, std::size_t max = ~std::size_t{0}) {
    // Every element takes a byte at least.
    auto left = number(std::min(max, from_.left()));
    x.reserve(std::min(left, elements_reserved));
    for (; left > 0 && good(); --left)
      get(x.emplace_back());
  }
  template <class... Ts>
  void get(std::variant<Ts...>& x) {
    const auto which = number(sizeof...(Ts) - 1);
    if (good())
      get_alternative(x, which, std::index_sequence_for<Ts...>{});
  }

private:
  void stop(failure why) {
    if (!wrong_)
      wrong_ = std::move(why);
  }

  std::uint64_t number(std::uint64_t max) {
    if (!good())
      return 0;
    auto read = from_.number_up_to(max, "for a number");
    if (read)
      return *read;
    stop(std::move(read.error()));
    return 0;
  }

  template <class Enum>
  void get_enum(Enum& x) {
    const auto read = number(0xFF);
    x = static_cast<Enum>(read);
    if (good() && !is_value(x))
      stop(
          from_.wrong(fmt::format("expected one of a few values, got {}", read))
              .value());
  }

  template <class T>
  void decode_into(T& x, result<T> (*decode)(std::string_view&)) {
    if (!good())
      return;
    auto rest = from_.rest();
    auto read = decode(rest);
    if (!read)
      return stop(std::move(read.error()));
    static_cast<void>(from_.bytes(from_.left() - rest.size()));
    x = *std::move(read);
  }

  template <class Variant, std::size_t... Index>
  void get_alternative(Variant& x, std::size_t which,
                       std::index_sequence<Index...>) {
    ((which == Index ? get(x.template emplace<Index>()) : void()), ...);
  }

  byte_reader from_;
  std::optional<failure> wrong_;
};

/// An item is some hundred bytes large even if it came as two.
constexpr std::size_t frame_items_max = 65'536;

template <class Item>
std::string write_frame(const session_frame<Item>& what) {
  frame_writer to{what.number == 0 ? 0 : what.items->size()};
  to.put(what.number);
  to.put(what.acknowledged);
  if (what.number != 0)
    to.put(*what.items);
  return to.take();
}

template <class Item>
result<session_frame<Item>> read_frame(std::string_view bytes) {
  frame_reader from{bytes};
  session_frame<Item> made;
  from.get(made.number);
  from.get(made.acknowledged);
  if (made.number != 0) {
    auto items = std::make_shared<std::vector<Item>>();
    from.get(*items, frame_items_max);
    made.items = std::move(items);
  }
  from.expect_end();
  if (!from.good())
    return from.wrong();
  return made;
}

} // namespace

std::string to_binary(const call_frame& what) {
  return write_frame(what);
}

std::string to_binary(const reply_frame& what) {
  return write_frame(what);
}

result<call_frame> call_frame_from_binary(std::string_view bytes) {
  return read_frame<session_call>(bytes);
}

result<reply_frame> reply_frame_from_binary(std::string_view bytes) {
  return read_frame<session_reply>(bytes);
}

} // namespace weft::spaces

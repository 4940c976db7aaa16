#include "spaces/binary.hpp"
#include "spaces/byte_reader.hpp"
#include "spaces/session_binary.hpp"
#include "tests/support/random_seed.hpp"
#include "tests/unit/spaces/session_samples.hpp"

namespace weft::spaces {

namespace {

/// All fields of something as a text. The lists of names fail to compile when
/// there is a field more.
struct spelled {
  std::string text;

  template <class... Fields>
  explicit spelled(const Fields&... fields) {
    text += "{";
    (add(fields), ...);
    text += "}";
  }

  void add(const std::string& x) { text += x + ";"; }
  void add(const tuple& x) { add(to_binary(x)); }
  void add(const pattern& x) { add(to_binary(x)); }
  void add(const value& x) { add(*tuple::make(std::span{&x, 1})); }
  void add(const duration& x) { add(std::to_string(x.count())); }
  template <class T>
  void add(const std::optional<T>& x) {
    add(x.has_value());
    if (x)
      add(*x);
  }
  template <class T>
  void add(const std::vector<T>& x) {
    add(x.size());
    for (const auto& each : x)
      add(each);
  }
  template <class... Ts>
  void add(const std::variant<Ts...>& x) {
    add(x.index());
    std::visit([this](const auto& each) { add(each); }, x);
  }
  template <class T>
  void add(const std::shared_ptr<const T>& x) {
    add(*x);
  }
  template <class T>
  void add(const T& x) {
    if constexpr (std::is_enum_v<T> || std::is_arithmetic_v<T>)
      add(std::to_string(static_cast<std::uint64_t>(x)));
    else
      add(spell(x).text);
  }

  // clang-format off
#define SPELL(type, ...)                                                       \
  static spelled spell(const type& x) {                                        \
    const auto& [__VA_ARGS__] = x;                                             \
    return spelled{__VA_ARGS__};                                               \
  }
  SPELL(call::write, a)
  SPELL(call::read, a, b)
  SPELL(call::take, a, b, c)
  SPELL(call::read_all, a, b)
  SPELL(call::take_all, a, b, c)
  SPELL(call::collect, a, b, c, d)
  SPELL(call::count, a)
  SPELL(call::swap, a, b, c)
  SPELL(call::renew, a, b)
  SPELL(call::cancel, a)
  SPELL(call::confirm, a, b)
  SPELL(call::release, a)
  SPELL(call::renew_claim, a, b)
  SPELL(call::interest, a, b, c)
  SPELL(call::take_offer, a, b)
  SPELL(call::stop, a)
  SPELL(call::watch, a, b)
  SPELL(call::fetch, a, b, c)
  SPELL(call::arrive, a, b, c, d, e, f)
  SPELL(call::list, a)
  SPELL(call::next_part, a)
  SPELL(call::carry, a, b, c)
  SPELL(reply::written, a)
  SPELL(reply::found, a, b)
  SPELL(reply::counted, a)
  SPELL(reply::swapped, a, b)
  SPELL(reply::offered, a)
  SPELL(reply::events, a, b, c, d)
  SPELL(reply::gathered, a, b)
  SPELL(reply::not_gathered, a, b, c, d)
  SPELL(reply::statistics, a)
  SPELL(reply::carried, a, b, c, d, e)
  SPELL(failure, a, b)
  SPELL(new_tuple, a, b)
  SPELL(found_tuple, a, b)
  SPELL(place, a, b)
  SPELL(tuple_id, a, b)
  SPELL(watch_event, a, b, c)
  SPELL(watch_options, a, b, c)
  SPELL(shape_statistics, a, b, c, d, e, f, g)
  SPELL(index_statistics, a, b, c, d, e, f, g)
  SPELL(space_statistics, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
  SPELL(session_call, a, b, c)
  SPELL(session_reply, a, b)
#undef SPELL
  // clang-format on
  static spelled spell(const call::statistics&) {
    return spelled{};
  }
  static spelled spell(const call::clear&) {
    return spelled{};
  }
  static spelled spell(const call::leave&) {
    return spelled{};
  }
  static spelled spell(const reply::done&) {
    return spelled{};
  }
  static spelled spell(const reply::timed_out&) {
    return spelled{};
  }
};

template <class Item>
void check_same(const session_frame<Item>& a, const session_frame<Item>& b) {
  CHECK(a.number == b.number);
  CHECK(a.acknowledged == b.acknowledged);
  REQUIRE(static_cast<bool>(a.items) == static_cast<bool>(b.items));
  if (!a.items)
    return;
  REQUIRE(a.items->size() == b.items->size());
  for (std::size_t i = 0; i < a.items->size(); ++i)
    CHECK_MESSAGE(spelled{(*a.items)[i]}.text == spelled{(*b.items)[i]}.text,
                  "item ", i);
}

/// The frame that these bytes are, which are then the only ones for it; or the
/// failure that they are to give.
template <class Frame>
bool read_or_refused(result<Frame> (*read)(std::string_view),
                     std::string_view bytes) {
  const auto got = read(bytes);
  if (!got) {
    CHECK(got.error().code == errc::invalid_argument);
    CHECK_FALSE(got.error().message.empty());
    return false;
  }
  CHECK(to_binary(*got) == bytes);
  return true;
}

} // namespace

TEST_CASE("every call comes through as it was") {
  CHECK(sample_calls().size() == std::variant_size_v<any_call>);
  for (std::size_t i = 0; i < sample_calls().size(); ++i)
    CHECK(sample_calls()[i].index() == i);
  const auto frame = sample_call_frame();
  const auto read = call_frame_from_binary(to_binary(frame));
  REQUIRE(read);
  check_same(frame, *read);
}

TEST_CASE("every reply comes through as it was") {
  CHECK(sample_replies().size() == std::variant_size_v<any_reply>);
  for (std::size_t i = 0; i < sample_replies().size(); ++i)
    CHECK(sample_replies()[i].index() == i);
  const auto frame = sample_reply_frame();
  const auto read = reply_frame_from_binary(to_binary(frame));
  REQUIRE(read);
  check_same(frame, *read);
}

TEST_CASE("a frame that only acknowledges is two numbers") {
  const call_frame frame{0, 300, nullptr};
  CHECK(to_binary(frame).size() == 3);
  const auto read = call_frame_from_binary(to_binary(frame));
  REQUIRE(read);
  check_same(frame, *read);
}

TEST_CASE("a frame that is cut off or has more is refused") {
  const auto calls = to_binary(sample_call_frame());
  for (std::size_t size = 0; size < calls.size(); ++size)
    CHECK_FALSE(read_or_refused(call_frame_from_binary, {calls.data(), size}));
  CHECK_FALSE(read_or_refused(call_frame_from_binary, calls + '\0'));
  const auto replies = to_binary(sample_reply_frame());
  for (std::size_t size = 0; size < replies.size(); ++size)
    CHECK_FALSE(
        read_or_refused(reply_frame_from_binary, {replies.data(), size}));
  CHECK_FALSE(read_or_refused(reply_frame_from_binary, replies + '\0'));
}

TEST_CASE("more items than a frame may have are refused") {
  std::string bytes;
  append_number(bytes, 1);
  append_number(bytes, 0);
  append_number(bytes, 65'537);
  for (int i = 0; i < 65'537; ++i)
    bytes += std::string{"\x01\x01\x13", 3};
  const auto got = call_frame_from_binary(bytes);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::invalid_argument);
}

TEST_CASE("values that an enum does not have are refused") {
  const auto refused = [](any_reply what) {
    auto items = std::make_shared<std::vector<session_reply>>();
    items->push_back({1, std::move(what)});
    const reply_frame frame{1, 0, items};
    return !read_or_refused(reply_frame_from_binary, to_binary(frame));
  };
  CHECK(refused(failure{errc::none, "none"}));
  CHECK(refused(failure{static_cast<errc>(200), "none"}));
  CHECK_FALSE(refused(failure{errc::io, "some"}));
  for (const int kind : {0, 3, 5, 8, 255})
    CHECK(refused(reply::events{
        {{static_cast<watch_kind>(kind), {}, t("[1]")}}, 0, false, false}));
}

TEST_CASE("whatever bytes come, they are a frame or are refused") {
  const auto seed = random_seed();
  std::mt19937_64 random{seed};
  const auto calls = to_binary(sample_call_frame());
  const auto replies = to_binary(sample_reply_frame());
  int good = 0;
  for (int i = 0; i < 20'000; ++i) {
    CAPTURE(i);
    auto bytes = i % 2 == 0 ? calls : replies;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const auto at = random() % bytes.size();
      if (random() % 4 == 0)
        bytes.erase(at, random() % 9);
      else if (random() % 4 == 0)
        bytes.insert(at, 1 + random() % 9, static_cast<char>(random()));
      else
        bytes[at] = static_cast<char>(random());
    }
    good += (i % 2 == 0 ? read_or_refused(call_frame_from_binary, bytes)
                        : read_or_refused(reply_frame_from_binary, bytes))
                ? 1
                : 0;
  }
  CHECK(good > 100);
}

} // namespace weft::spaces

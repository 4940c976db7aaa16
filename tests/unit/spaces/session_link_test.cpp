#include "spaces/session_link.hpp"
#include "tests/support/random_seed.hpp"

#include <map>
#include <numeric>
#include <random>

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

using number_link = session_link<int, int>;
using number_frame = session_frame<int>;
using numbers = std::vector<int>;

/// Two ends, and frames that go from one to the other when a test says so.
struct linked_ends {
  explicit linked_ends(const link_options& options = {})
      : a{options}, b{options} {}

  number_link a;
  number_link b;
  time_point now{1h};

  void push(const numbers& items, std::size_t bytes = 1) {
    for (const auto each : items)
      a.push(int{each}, bytes);
  }

  std::vector<number_frame> frames(number_link& of) {
    std::vector<number_frame> all;
    while (auto next = of.next_frame(now))
      all.push_back(*std::move(next));
    return all;
  }

  /// The items that `a` sends now, a list for each frame.
  std::vector<numbers> sent() {
    std::vector<numbers> all;
    for (const auto& each : frames(a))
      all.push_back(each.items ? *each.items : numbers{});
    return all;
  }

  numbers receive(const number_frame& frame) {
    const auto items = b.receive(frame, now);
    return items ? *items : numbers{};
  }

  void pass(duration time) {
    now += time;
    a.advance(now);
    b.advance(now);
  }
};

numbers up_to(std::size_t last) {
  numbers all(last);
  std::iota(all.begin(), all.end(), 1);
  return all;
}

} // namespace

TEST_CASE("items that wait travel together, in order") {
  linked_ends f;
  CHECK_FALSE(f.a.has_sent());
  f.push({1, 2, 3});
  const auto frames = f.frames(f.a);
  REQUIRE(frames.size() == 1);
  CHECK(f.a.has_sent());
  CHECK(f.receive(frames[0]) == numbers{1, 2, 3});
  CHECK(f.frames(f.a).empty());
}

TEST_CASE("a frame that came before brings nothing") {
  linked_ends f;
  f.push({1});
  const auto frames = f.frames(f.a);
  CHECK(f.receive(frames[0]) == numbers{1});
  CHECK(f.receive(frames[0]).empty());
}

TEST_CASE("a frame that comes too early brings its items when it comes again") {
  linked_ends f;
  f.push({1});
  const auto first = f.frames(f.a);
  f.push({2});
  const auto second = f.frames(f.a);
  CHECK(f.receive(second[0]).empty());
  CHECK(f.receive(first[0]) == numbers{1});
  f.pass(2s);
  const auto again = f.frames(f.a);
  REQUIRE(again.size() == 2);
  CHECK(f.receive(again[0]).empty());
  CHECK(f.receive(again[1]) == numbers{2});
}

TEST_CASE("frames under way are bounded, what comes meanwhile shares one") {
  linked_ends f{{.frames_max = 2, .frame_items_max = 2}};
  f.push(up_to(9));
  const auto window = f.frames(f.a);
  REQUIRE(window.size() == 2);
  CHECK(f.receive(window[0]) == numbers{1, 2});
  const auto acknowledgement = f.frames(f.b);
  REQUIRE(acknowledgement.size() == 1);
  CHECK(acknowledgement[0].number == 0);
  f.a.receive(acknowledgement[0], f.now);
  CHECK(f.sent() == std::vector<numbers>{{5, 6}});
}

TEST_CASE("a frame has as many bytes as it may, but one item at least") {
  linked_ends f{{.frame_bytes_max = 10}};
  f.push({1}, 100);
  f.push({2, 3, 4}, 5);
  CHECK(f.sent() == std::vector<numbers>{{1}, {2, 3}, {4}});
}

TEST_CASE("there is room for so many items and bytes, or for one large item") {
  linked_ends f{{.items_max = 3, .bytes_max = 100}};
  CHECK(f.a.has_room(1000));
  f.push({1}, 60);
  CHECK(f.a.has_room(40));
  CHECK_FALSE(f.a.has_room(41));
  f.push({2, 3}, 1);
  CHECK_FALSE(f.a.has_room(1));
  f.sent();
  CHECK(f.a.has_room(1000));
  f.push({4, 5, 6, 7});
  CHECK(f.sent() == std::vector<numbers>{{4, 5, 6, 7}});
}

TEST_CASE("items that were never sent can be listed") {
  linked_ends f;
  f.push({1});
  f.sent();
  f.push({2, 3});
  numbers unsent;
  f.a.for_each_unsent([&](int each) { unsent.push_back(each); });
  CHECK(unsent == numbers{2, 3});
}

TEST_CASE("what came is acknowledged by a frame that goes back anyway") {
  linked_ends f;
  f.push({1});
  f.receive(f.frames(f.a).front());
  f.b.push(7, 1);
  const auto back = f.frames(f.b);
  REQUIRE(back.size() == 1);
  CHECK(back[0].acknowledged == 1);
  CHECK(f.b.next_deadline() == f.now + 2s);
  REQUIRE(f.a.receive(back[0], f.now));
  CHECK_FALSE(f.frames(f.a).size() > 0);
  CHECK(f.a.next_deadline() == f.now + 50ms);
}

TEST_CASE("what came is acknowledged alone after a while") {
  linked_ends f;
  f.push({1});
  f.receive(f.frames(f.a).front());
  CHECK(f.frames(f.b).empty());
  CHECK(f.b.next_deadline() == f.now + 50ms);
  f.pass(50ms);
  const auto alone = f.frames(f.b);
  REQUIRE(alone.size() == 1);
  CHECK(alone[0].number == 0);
  CHECK(alone[0].acknowledged == 1);
  CHECK_FALSE(alone[0].items);
  CHECK_FALSE(f.b.next_deadline());
  f.a.receive(alone[0], f.now);
  CHECK_FALSE(f.a.next_deadline());
}

TEST_CASE("a quarter of the window is acknowledged at once") {
  linked_ends f{{.frames_max = 8}};
  f.push({1});
  f.receive(f.frames(f.a).front());
  CHECK(f.frames(f.b).empty());
  f.push({2});
  f.receive(f.frames(f.a).front());
  CHECK(f.frames(f.b).size() == 1);
}

TEST_CASE("an acknowledgement that was lost is repeated for what comes twice") {
  linked_ends f{{.frames_max = 4}};
  f.push({1});
  const auto frame = f.frames(f.a).front();
  f.receive(frame);
  f.frames(f.b);
  f.receive(frame);
  const auto again = f.frames(f.b);
  REQUIRE(again.size() == 1);
  CHECK(again[0].acknowledged == 1);
}

TEST_CASE("what is not acknowledged is sent again, ever less often") {
  linked_ends f;
  f.push({1});
  f.sent();
  f.push({2});
  f.sent();
  auto wait = duration{2s};
  for (int i = 0; i < 7; ++i) {
    CHECK(f.a.next_deadline() == f.now + wait);
    f.pass(wait - 1ns);
    CHECK(f.sent().empty());
    f.pass(1ns);
    CHECK(f.sent() == std::vector<numbers>{{1}, {2}});
    wait = std::min<duration>(2 * wait, 32s);
  }
}

TEST_CASE("with an acknowledgement, patience begins anew") {
  linked_ends f;
  f.push({1});
  f.sent();
  f.push({2});
  f.sent();
  f.pass(2s);
  f.sent();
  f.a.receive({0, 1, nullptr}, f.now);
  CHECK(f.a.next_deadline() == f.now + 2s);
  f.pass(2s);
  CHECK(f.sent() == std::vector<numbers>{{2}});
}

TEST_CASE("an acknowledgement of what was never sent harms nobody") {
  linked_ends f;
  f.push({1});
  f.sent();
  f.a.receive({0, ~std::uint64_t{0}, nullptr}, f.now);
  CHECK_FALSE(f.a.next_deadline());
  f.push({2});
  const auto frame = f.frames(f.a).front();
  CHECK(frame.number == 2);
}

TEST_CASE("when the way is back all is sent at once, and then with patience") {
  linked_ends f;
  f.push({1});
  f.sent();
  f.pass(1h);
  f.sent();
  f.a.resend();
  f.push({2});
  CHECK(f.sent() == std::vector<numbers>{{1}, {2}});
  CHECK(f.a.next_deadline() == f.now + 2s);
  f.pass(1s);
  CHECK(f.sent().empty());
}

namespace {

/// Both ends push and the network does what it wants, in virtual time.
class lossy_link {
public:
  explicit lossy_link(std::uint64_t seed) : random_{seed} {}

  void run() {
    while (got_[0].size() < count || got_[1].size() < count) {
      now_ += 1ms;
      REQUIRE(now_ < time_point{2h});
      for (std::size_t end = 0; end < 2; ++end)
        step(end);
      deliver();
    }
    CHECK(got_[0] == up_to(count));
    CHECK(got_[1] == up_to(count));
  }

private:
  static constexpr std::size_t count = 200;

  bool once_in(std::uint64_t times) { return random_() % times == 0; }

  void step(std::size_t end) {
    auto& mine = ends_[end];
    if (pushed_[end] < count && once_in(3))
      mine.push(static_cast<int>(++pushed_[end]), random_() % 40);
    if (once_in(400))
      mine.resend();
    mine.advance(now_);
    while (auto frame = mine.next_frame(now_))
      for (auto copies = once_in(8) ? 2 : 1; copies > 0; --copies)
        if (!once_in(4))
          on_way_.emplace(now_ + static_cast<int>(random_() % 30) * 1ms,
                          std::pair{1 - end, *frame});
  }

  void deliver() {
    while (!on_way_.empty() && on_way_.begin()->first <= now_) {
      const auto [end, frame] = on_way_.begin()->second;
      on_way_.erase(on_way_.begin());
      if (const auto items = ends_[end].receive(frame, now_))
        got_[end].insert(got_[end].end(), items->begin(), items->end());
    }
  }

  static constexpr link_options narrow{.frames_max = 4,
                                       .frame_items_max = 3,
                                       .frame_bytes_max = 64,
                                       .resend_after = 80ms,
                                       .acknowledge_after = 5ms};

  std::mt19937_64 random_;
  time_point now_{1h};
  number_link ends_[2]{number_link{narrow}, number_link{narrow}};
  std::size_t pushed_[2] = {0, 0};
  numbers got_[2];
  std::multimap<time_point, std::pair<std::size_t, number_frame>> on_way_;
};

} // namespace

TEST_CASE("over any network every item comes once and in order") {
  const auto seed = random_seed();
  for (std::uint64_t i = 0; i < 300; ++i) {
    CAPTURE(i);
    lossy_link{seed + i}.run();
  }
}

} // namespace weft::spaces

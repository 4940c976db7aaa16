#include "tests/unit/spaces/naive_space.hpp"

#include <cstdlib>
#include <random>

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

std::string joined(const texts& lines) {
  std::string all;
  for (const auto& each : lines)
    all += each + "\n";
  return all;
}

/// A space and its reference, which must agree after every step.
class random_steps {
public:
  random_steps(std::uint64_t seed, shape_policy policy)
      : random_{seed}, space_{{.shapes = policy}} {}

  void run(int steps) {
    for (step_ = 0; step_ < steps; ++step_) {
      CAPTURE(step_);
      one_step();
      if (step_ % 16 == 0)
        REQUIRE(joined(space_.all()) == joined(naive_.all()));
    }
    const auto counts = space_.core.statistics();
    CHECK(counts.index.tuples == naive_.all().size());
    CHECK(counts.claims == naive_.claims().size());
  }

private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  duration some_time() { return 1ms * (1 + below(400)); }

  /// Few values, so that tuples match often; two lengths, many types.
  value field() {
    switch (below(8)) {
    case 0:
      return static_cast<double>(below(3));
    case 1:
      return below(2) == 0;
    case 2:
      return nullptr;
    case 3:
      return value_list{static_cast<std::int64_t>(below(2))};
    case 4:
      return "a text outside of its cell " + std::to_string(below(2));
    default:
      return static_cast<std::int64_t>(below(6));
    }
  }

  std::string head() {
    return std::string(1, static_cast<char>('a' + below(3)));
  }

  tuple some_tuple() {
    std::vector<value> fields{head()};
    for (auto more = 1 + below(2); more > 0; --more)
      fields.push_back(field());
    return *tuple::make(fields);
  }

  matcher some_matcher() {
    switch (below(6)) {
    case 0:
      return match::any{};
    case 1:
      return match::type{field_type::i64};
    case 2: {
      const auto from = static_cast<std::int64_t>(below(6));
      return match::range{value{from}, value{from + 2}};
    }
    case 3:
      return match::one_of{{field(), field()}};
    case 4:
      return match::prefix{"a text"};
    default:
      return match::exact{field()};
    }
  }

  pattern some_pattern() {
    std::vector<matcher> matchers{match::any{}};
    if (below(4) > 0)
      matchers[0] = match::exact{head()};
    for (auto more = below(3); more > 0; --more)
      matchers.push_back(some_matcher());
    return *pattern::make(matchers, matchers.size() == 1 || below(5) == 0);
  }

  void one_step() {
    switch (below(12)) {
    case 0:
    case 1:
    case 2:
    case 3:
      write();
      break;
    case 4:
    case 5:
    case 6:
      ask();
      break;
    case 7:
      collect();
      break;
    case 8:
      end_some_claim();
      break;
    case 9:
      count();
      break;
    case 10:
      pass();
      break;
    default:
      if (below(10) == 0)
        drop_client();
      break;
    }
  }

  void write() {
    const auto what = some_tuple();
    CAPTURE(to_text(what));
    std::optional<duration> lease;
    if (below(4) == 0)
      lease = some_time();
    REQUIRE(space_.core.write(what, lease, space_.now));
    naive_.write(what, lease, space_.now);
    REQUIRE(joined(space_.effects()) == joined(naive_.take_told()));
  }

  request some_request(bool takes) {
    request by{++ticket_, 1 + below(5), duration::zero(), {}};
    if (below(2) == 0)
      by.timeout = some_time();
    if (takes && below(3) == 0)
      by.claim_lease = some_time();
    return by;
  }

  std::string naive_answer(std::vector<pattern> patterns, bool takes,
                           const request& by) {
    return naive_.ask(
        {by.ticket, by.client, std::move(patterns), takes, {}, by.claim_lease},
        by.timeout, space_.now);
  }

  void ask() {
    const bool takes = below(3) > 0;
    const auto what = some_pattern();
    CAPTURE(to_text(what));
    const auto by = some_request(takes);
    const auto got = takes ? space_.core.take(what, by, space_.now)
                           : space_.core.read(what, by, space_.now);
    REQUIRE(got);
    std::string text;
    if (*got)
      text = " " + to_text((*got)->found.what)
             + ((*got)->claim != 0 ? " claimed" : "");
    REQUIRE(text == naive_answer({what}, takes, by));
  }

  void collect() {
    const bool takes = below(2) == 0;
    const auto by = some_request(takes);
    const std::vector<pattern> patterns{p("[\"a\", ...]"), p("[\"b\", _]")};
    const auto form = takes ? collect_form::take : collect_form::read;
    const auto got = space_.core.collect(patterns, form, by, space_.now);
    REQUIRE(got);
    std::string text;
    if (*got) {
      for (const auto& each : (*got)->tuples)
        text += " " + to_text(each.what);
      text += (*got)->claim != 0 ? " claimed" : "";
    }
    REQUIRE(text == naive_answer(patterns, takes, by));
  }

  void end_some_claim() {
    if (naive_.claims().empty())
      return;
    auto which = naive_.claims().begin();
    std::advance(which,
                 static_cast<std::ptrdiff_t>(below(naive_.claims().size())));
    const auto id = which->first;
    const auto client = below(8) == 0 ? 77 : which->second.client;
    if (below(2) == 0) {
      const bool done =
          space_.core.confirm(id, client, {}, space_.now).has_value();
      REQUIRE(done == naive_.confirm(id, client));
    } else {
      const bool done = space_.core.release(id, client, space_.now).has_value();
      REQUIRE(done == naive_.release(id, client, space_.now));
    }
    REQUIRE(joined(space_.effects()) == joined(naive_.take_told()));
  }

  void count() {
    const auto what = some_pattern();
    CAPTURE(to_text(what));
    REQUIRE(space_.core.count(what) == naive_.count(what));
    REQUIRE(space_.core.exists(what) == (naive_.count(what) > 0));
  }

  void pass() {
    const auto deadline = space_.core.next_deadline();
    space_.now += some_time() / 8;
    // Never later than what is due.
    const auto before = naive_.all();
    naive_.advance(space_.now);
    space_.core.advance(space_.now);
    auto told = space_.effects();
    auto wanted = naive_.take_told();
    if (!told.empty() || before != naive_.all())
      REQUIRE((deadline && *deadline <= space_.now));
    std::sort(told.begin(), told.end());
    std::sort(wanted.begin(), wanted.end());
    REQUIRE(joined(told) == joined(wanted));
  }

  void drop_client() {
    const auto client = 1 + below(5);
    space_.core.drop_client(client, space_.now);
    naive_.drop_client(client, space_.now);
    REQUIRE(joined(space_.effects()) == joined(naive_.take_told()));
  }

  std::mt19937_64 random_;
  space_fixture space_;
  naive_space naive_;
  ticket ticket_ = 0;
  int step_ = 0;
};

std::uint64_t given_seed() {
  const auto* given = std::getenv("WEFT_TEST_SEED");
  return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

} // namespace

TEST_CASE("a space does what one does that scans lists") {
  const auto seed = given_seed();
  MESSAGE("WEFT_TEST_SEED=", seed);
  for (std::uint64_t i = 0; i < 10; ++i) {
    CAPTURE(i);
    // Shapes are built early, and dropped early in every other round.
    const shape_policy policy{
        i % 2 == 0 ? std::size_t{8} : std::size_t{2},
        i % 2 == 0 ? std::uint64_t{100'000} : std::uint64_t{20}, i % 3};
    random_steps{seed + i, policy}.run(3000);
  }
}

} // namespace weft::spaces

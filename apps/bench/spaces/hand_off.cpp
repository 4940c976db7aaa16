#include "apps/bench/spaces/hand_off.hpp"

#include "apps/bench/bench_system.hpp"

#include <fmt/format.h>

#include <thread>

namespace weft::bench {

namespace {

constexpr std::chrono::seconds hand_off_timeout{10};

result<void> expect_number(result<std::int64_t> got, std::int64_t expected) {
  if (!got)
    return pass_on(got);
  if (*got != expected)
    return fail(errc::internal,
                fmt::format("expected the number {}, got {}", expected, *got));
  return {};
}

result<void> begin_hand_offs(const hand_off_port& by, std::int64_t from,
                             std::int64_t to) {
  for (auto number = from; number < to; ++number) {
    if (auto given = by.give("ping", number); !given)
      return given;
    if (auto right = expect_number(by.wait("pong"), number); !right)
      return right;
  }
  return {};
}

result<void> answer_hand_offs(const hand_off_port& by, std::int64_t to) {
  for (std::int64_t number = 0; number < to; ++number) {
    if (auto right = expect_number(by.wait("ping"), number); !right)
      return right;
    if (auto given = by.give("pong", number); !given)
      return given;
  }
  return {};
}

} // namespace

result<double> measure_hand_offs(const hand_off_port& asking,
                                 const hand_off_port& answering,
                                 std::uint64_t count) {
  const auto warm = static_cast<std::int64_t>(count / 8 + 1);
  const auto all = warm + static_cast<std::int64_t>(count);
  result<void> answered;
  std::thread other{[&] { answered = answer_hand_offs(answering, all); }};
  auto asked = begin_hand_offs(asking, 0, warm);
  const auto begun = std::chrono::steady_clock::now();
  if (asked)
    asked = begin_hand_offs(asking, warm, all);
  const auto spent = std::chrono::steady_clock::now() - begun;
  other.join();
  if (!asked || !answered)
    return pass_on(asked ? answered : asked);
  return microseconds(spent) / (2 * static_cast<double>(count));
}

hand_off_port port_of(const space& where) {
  return {[where](const char* list, std::int64_t number) -> result<void> {
            auto done = where.write(spaces::tuple_of(list, number));
            if (!done)
              return pass_on(done);
            return {};
          },
          [where](const char* list) -> result<std::int64_t> {
            auto got =
                where.take(spaces::pattern_of(list, spaces::match::any{}),
                           hand_off_timeout);
            if (!got)
              return pass_on(got);
            if (!*got)
              return fail(errc::timed_out, "nothing was handed over");
            return (**got)[1].as_i64();
          }};
}

} // namespace weft::bench

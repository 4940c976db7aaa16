#include "tests/support/checkers/recorded_history.hpp"
#include "tests/unit/checkers/history_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace weft::checkers::test {

namespace {

constexpr std::uint8_t ok = 0;

record record_of(verb what, record rest) {
  rest.kind = record_kind::call;
  rest.code = static_cast<std::uint8_t>(what);
  return rest;
}

/// Writes two tuples, takes one, claims over all buckets and confirms with a
/// result; the last batch has no answer.
std::vector<record> sample() {
  return {
      {.kind = record_kind::opening, .group = 4, .number = 77, .value = 9},
      {.kind = record_kind::asked, .number = 3, .value = 100},
      record_of(verb::write, {.group = 1, .bucket = 2, .value = 11}),
      record_of(verb::write, {.group = 3, .bucket = 2, .value = 12}),
      record_of(verb::claim, {.group = 1, .bucket = any_bucket, .number = 5}),
      {.kind = record_kind::answered, .number = 3, .value = 110},
      {.kind = record_kind::answer, .code = ok},
      {.kind = record_kind::answer, .code = 1, .number = 6},
      {.kind = record_kind::answer, .code = ok, .value = 11},
      {.kind = record_kind::asked, .number = 2, .value = 120},
      record_of(verb::confirm,
                {.group = 1, .bucket = 2, .number = 5, .value = 13}),
      record_of(verb::take, {.group = 1, .bucket = 2})};
}

recorded_client with(std::vector<record> records) {
  return {.id = 2, .records = std::move(records)};
}

/// A file of these bytes, for as long as it lives.
class temporary_file {
public:
  explicit temporary_file(const std::vector<record>& records,
                          std::size_t bytes_less = 0)
      : path_{std::filesystem::temp_directory_path()
              / fmt::format("weft-recorded-history-{}", getpid())} {
    std::ofstream{path_, std::ios::binary}.write(
        reinterpret_cast<const char*>(records.data()),
        static_cast<std::streamsize>(records.size() * sizeof(record)
                                     - bytes_less));
  }
  ~temporary_file() { std::filesystem::remove(path_); }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  std::string path() const { return path_.string(); }

private:
  std::filesystem::path path_;
};

errc reading_fails_with(const std::vector<record>& records) {
  const temporary_file file{records};
  const auto got = read_recorded(file.path(), 1);
  return got ? errc::none : got.error().code;
}

} // namespace

TEST_CASE("a recorded client's calls become operations with their answers") {
  const auto all = operations_of(with(sample()), 1);
  REQUIRE(all.size() == 4);
  const auto written = wrote({100, 110}, tuple{.id = 11, .fields = 0x102});
  CHECK(all[0] == by(2, written));
  auto got = claimed({100, 110}, 11, claim_id{2} << 32 | 5, 9);
  got.asked = {.mask = 0xff00, .bits = 0x100};
  CHECK(all[1] == by(2, got));
}

TEST_CASE("a recorded call without an answer is unknown") {
  const auto all = operations_of(with(sample()), 1);
  REQUIRE(all.size() == 4);
  CHECK(all[2].how == outcome::unknown);
  CHECK(all[2].what == verb::confirm);
  CHECK(all[2].claim == all[1].claim);
  CHECK(all[2].writes == std::vector<tuple>{{.id = 13, .fields = 0x102}});
  CHECK(all[3].how == outcome::unknown);
  CHECK(all[3].asked == pattern{.mask = 0xffff, .bits = 0x102});
}

TEST_CASE("a recorded call that failed is not done") {
  const auto all = operations_of(with(sample()), 3);
  REQUIRE(all.size() == 1);
  CHECK(all[0].how == outcome::failed);
  CHECK(all[0].responded == forever);
}

TEST_CASE("answers that a death cuts off are unknown") {
  auto records = sample();
  records.resize(8);
  const auto all = operations_of(with(records), 1);
  REQUIRE(all.size() == 2);
  CHECK(all[0].how == outcome::ok);
  CHECK(all[1].how == outcome::unknown);
}

TEST_CASE("a recorded batch that a death cuts off was never sent") {
  auto records = sample();
  records.pop_back();
  CHECK(operations_of(with(records), 1).size() == 2);
}

TEST_CASE("a recorded client has ended by itself when it says so") {
  CHECK_FALSE(with(sample()).ended_by_itself());
  auto records = sample();
  records.push_back({.kind = record_kind::closing});
  CHECK(with(records).ended_by_itself());
}

TEST_CASE("a history comes back from its file without what is torn") {
  const temporary_file file{sample(), 5};
  const auto got = read_recorded(file.path(), 3);
  REQUIRE(got);
  auto expected = sample();
  expected.pop_back();
  CHECK(got->id == 3);
  CHECK(got->records == expected);
}

TEST_CASE("a file that is no history is refused") {
  CHECK(reading_fails_with(sample()) == errc::none);
  CHECK(reading_fails_with({}) == errc::invalid_argument);
  auto headless = sample();
  headless.erase(headless.begin());
  CHECK(reading_fails_with(headless) == errc::invalid_argument);
  auto answers_twice = sample();
  answers_twice.insert(answers_twice.begin() + 6, answers_twice[5]);
  CHECK(reading_fails_with(answers_twice) == errc::invalid_argument);
  auto answers_too_many = sample();
  answers_too_many[5].number = 4;
  CHECK(reading_fails_with(answers_too_many) == errc::invalid_argument);
  const auto missing = read_recorded("/nowhere/client-1.history", 1);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == errc::io);
}

} // namespace weft::checkers::test

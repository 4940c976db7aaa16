#include "spaces/snapshot_file.hpp"
#include "tests/support/random_seed.hpp"
#include "tests/unit/spaces/support.hpp"

#include <algorithm>
#include <cstring>
#include <random>

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

snapshot_reader reader_of(std::string_view bytes) {
  return snapshot_reader{
      [bytes, at = std::size_t{0}](
          std::span<char> into) mutable -> result<std::size_t> {
        const auto count = std::min(into.size(), bytes.size() - at);
        std::memcpy(into.data(), bytes.data() + at, count);
        at += count;
        return count;
      }};
}

/// All tuples as texts, with their leases; or the failure.
result<texts> contents_of(std::string_view bytes) {
  auto reader = reader_of(bytes);
  texts all;
  while (true) {
    const auto block = reader.next();
    if (!block)
      return tl::unexpected(block.error());
    if (!*block)
      return all;
    for (const auto& each : **block)
      all.push_back(
          to_text(each.what)
          + (each.lease ? " for " + std::to_string(each.lease->count()) : ""));
  }
}

std::string sample_file() {
  snapshot_writer writer;
  auto bytes = writer.begin();
  bytes += writer.add(std::vector<new_tuple>{{t("[\"a\", 1]"), 5ns},
                                             {t("[\"b\", [2.5, null]]"), {}}});
  bytes += writer.add({});
  bytes += writer.add(std::vector<new_tuple>{{t("[true]"), lease_max}});
  return bytes + writer.end();
}

std::string mistake_in(std::string_view bytes) {
  const auto got = contents_of(bytes);
  if (got)
    return "none";
  CHECK(got.error().code == errc::invalid_argument);
  return got.error().message;
}

} // namespace

TEST_CASE("what was saved is read as it was") {
  CHECK(contents_of(sample_file()).value()
        == texts{"[\"a\", 1] for 5", "[\"b\", [2.5, null]]",
                 "[true] for " + std::to_string(lease_max.count())});
  snapshot_writer empty;
  auto bytes = empty.begin();
  bytes += empty.end();
  CHECK(contents_of(bytes).value().empty());
  CHECK(empty.tuples() == 0);
}

TEST_CASE("a file that is cut off or goes on is refused") {
  const auto bytes = sample_file();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(mistake_in({bytes.data(), size}) != "none");
  CHECK(mistake_in({bytes.data(), bytes.size() - 1}).find("cut off")
        != std::string::npos);
  CHECK(mistake_in(bytes + '\0').find("goes on") != std::string::npos);
}

TEST_CASE("a file with any bit flipped is refused") {
  const auto bytes = sample_file();
  for (std::size_t i = 0; i < 8 * bytes.size(); ++i) {
    auto flipped = bytes;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << i % 8));
    CHECK_MESSAGE(mistake_in(flipped) != "none", "bit ", i);
  }
}

TEST_CASE("a file of another kind or version is named as such") {
  CHECK(mistake_in("") == "this is no snapshot of a space");
  CHECK(mistake_in("cluster: a\nnodes: [{name: n1}]\n")
        == "this is no snapshot of a space");
  auto newer = sample_file();
  newer[20] = 2;
  CHECK(mistake_in(newer).find("version 2; only version 1")
        != std::string::npos);
}

TEST_CASE("a file without one of its blocks, or with one twice, is refused") {
  snapshot_writer writer;
  const auto head = writer.begin();
  const auto first = writer.add(std::vector<new_tuple>{{t("[1]"), {}}});
  const auto second = writer.add(std::vector<new_tuple>{{t("[2]"), {}}});
  const auto end = writer.end();
  CHECK(mistake_in(head + first + second + end) == "none");
  for (const auto& each :
       {head + second + end, head + first + end, head + second + first + end,
        head + first + first + second + end, first + second + end})
    CHECK(mistake_in(each) != "none");
}

TEST_CASE("whatever bytes come, they are refused or are a snapshot") {
  const auto seed = random_seed();
  std::mt19937_64 random{seed};
  const auto bytes = sample_file();
  for (int i = 0; i < 20'000; ++i) {
    CAPTURE(i);
    auto changed = bytes;
    for (auto changes = 1 + random() % 4; changes > 0; --changes) {
      const auto at = random() % changed.size();
      if (random() % 3 == 0)
        changed.erase(at, random() % 9);
      else if (random() % 3 == 0)
        changed.insert(at, 1 + random() % 9, static_cast<char>(random()));
      else
        changed[at] = static_cast<char>(random());
    }
    if (changed != bytes)
      CHECK(mistake_in(changed) != "none");
  }
}

TEST_CASE("what the file's system says is passed on") {
  snapshot_reader reader{[](std::span<char>) -> result<std::size_t> {
    return fail(errc::io, "the disk is gone");
  }};
  const auto got = reader.next();
  REQUIRE_FALSE(got);
  CHECK(got.error().code == errc::io);
}

} // namespace weft::spaces

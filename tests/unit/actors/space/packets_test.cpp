#include "actors/space/packets.hpp"

#include <doctest/doctest.h>

namespace weft::actors {

namespace {

std::vector<session_packet> cut(const std::string& bytes) {
  std::vector<session_packet> packets;
  cut_into_packets(7, 3, bytes, [&](session_packet packet) {
    packets.push_back(std::move(packet));
  });
  return packets;
}

} // namespace

TEST_CASE("a frame travels in packets of at most a mebibyte") {
  std::string bytes(3 * packet_bytes_max + 5, 'x');
  bytes[packet_bytes_max] = 'y';
  auto packets = cut(bytes);
  REQUIRE(packets.size() == 4);
  packet_assembly whole;
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(packets[i].bytes.size() == packet_bytes_max);
    CHECK_FALSE(whole.add(packets[i]).value());
  }
  CHECK(whole.add(packets[3]).value() == bytes);
  auto small = cut("small");
  REQUIRE(small.size() == 1);
  CHECK(whole.add(small[0]).value() == "small");
}

TEST_CASE("a frame of which a part is missing is dropped, and the next comes") {
  auto packets = cut(std::string(3 * packet_bytes_max, 'x'));
  packet_assembly whole;
  CHECK_FALSE(whole.add(packets[0]).value());
  CHECK_FALSE(whole.add(packets[2]).value());
  CHECK_FALSE(whole.add(packets[1]).value());
  auto next = cut("next");
  CHECK(whole.add(next[0]).value() == "next");
}

TEST_CASE("a frame that is larger than any may be is an error, not dropped") {
  const auto parts =
      static_cast<std::uint32_t>(frame_bytes_max / packet_bytes_max + 1);
  packet_assembly whole;
  for (std::uint32_t part = 0; part + 1 < parts; ++part) {
    session_packet next{7, 3, part, parts, std::string(packet_bytes_max, 'x')};
    REQUIRE_FALSE(whole.add(next).value());
  }
  session_packet last{7, 3, parts - 1, parts, "x"};
  CHECK(whole.add(last).error().code == errc::exhausted);
  auto next = cut("next");
  CHECK(whole.add(next[0]).value() == "next");
}

} // namespace weft::actors

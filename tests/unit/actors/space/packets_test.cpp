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
    CHECK_FALSE(whole.add(packets[i]));
  }
  CHECK(whole.add(packets[3]) == bytes);
  auto small = cut("small");
  REQUIRE(small.size() == 1);
  CHECK(whole.add(small[0]) == "small");
}

TEST_CASE("a frame of which a part is missing is dropped, and the next comes") {
  auto packets = cut(std::string(3 * packet_bytes_max, 'x'));
  packet_assembly whole;
  CHECK_FALSE(whole.add(packets[0]));
  CHECK_FALSE(whole.add(packets[2]));
  CHECK_FALSE(whole.add(packets[1]));
  auto next = cut("next");
  CHECK(whole.add(next[0]) == "next");
}

} // namespace weft::actors

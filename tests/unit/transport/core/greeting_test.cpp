#include "transport/core/greeting.hpp"

#include <doctest/doctest.h>

namespace weft::transport {

namespace {

result<greeting> decode(const std::vector<std::uint8_t>& bytes) {
  if (bytes.size() < greeting_header_bytes)
    return fail(errc::invalid_argument, "too short for a header");
  const std::span all{bytes};
  auto header = decode_header(all.first<greeting_header_bytes>());
  if (!header)
    return pass_on(header);
  const auto body = all.subspan(greeting_header_bytes);
  if (body.size() != header->body_bytes)
    return fail(errc::invalid_argument, "not all of the body");
  return decode_body(*header, body);
}

const greeting sample{verdict::refused, "demo", "n1", "node n9 is unknown"};

} // namespace

TEST_CASE("a greeting comes back as it was sent") {
  for (const auto answer :
       {verdict::welcome, verdict::refused, verdict::busy}) {
    auto sent = sample;
    sent.answer = answer;
    CHECK(decode(encode(sent)) == sent);
  }
  const greeting bare{verdict::welcome, std::string(64, 'c'),
                      std::string(64, 'n'), ""};
  CHECK(decode(encode(bare)) == bare);
}

TEST_CASE("a reason that is too long is cut to what the limit holds") {
  auto sent = sample;
  sent.reason = std::string(5000, 'x');
  const auto bytes = encode(sent);
  CHECK(bytes.size() == greeting_header_bytes + greeting_body_bytes_max);
  const auto back = decode(bytes);
  REQUIRE(back);
  CHECK(back->reason == std::string(1024 - 2 - 4 - 2, 'x'));
}

TEST_CASE("each wrong header is told apart") {
  auto bytes = encode(sample);
  const auto message = [&](std::size_t at, std::uint8_t value) {
    auto wrong = bytes;
    wrong[at] = value;
    return decode(wrong).error().message;
  };
  CHECK(message(0, 'W') == "this is no greeting of weft");
  CHECK(message(4, 2).starts_with("the greeting has version 2, expected 1"));
  CHECK(message(5, 3) == "the greeting's verdict is 3, expected 0 to 2");
  CHECK(message(6, 0xff).find("expected at most 1024") != std::string::npos);
}

TEST_CASE("names that do not fit, or are none, are refused") {
  auto bytes = encode(sample);
  const auto cluster_length = greeting_header_bytes;
  const auto node_length = cluster_length + 1 + sample.cluster.size();
  const auto message = [&](std::size_t at, std::uint8_t value) {
    auto wrong = bytes;
    wrong[at] = value;
    return decode(wrong).error().message;
  };
  CHECK(message(cluster_length, 200)
        == "the greeting ends within the name of the cluster");
  CHECK(message(node_length, 200)
        == "the greeting ends within the name of the node");
  CHECK(message(cluster_length + 1, '\n')
        == "\".emo\" is no name of a cluster");
  CHECK(message(node_length, 0) == "\"\" is no name of a node");
}

} // namespace weft::transport

#include "apps/byzantine/signing/ed25519.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace weft::byzantine::test {

TEST_CASE("a signature holds for its signer and its message alone") {
  auto keys = make_ed25519_keys(3, 1);
  const std::vector<std::uint8_t> message{1, 2, 3};
  const std::vector<std::uint8_t> other{1, 2, 4};
  auto made = keys[1]->sign(message);
  CHECK(keys[0]->verify(1, message, made));
  CHECK(!keys[0]->verify(2, message, made));
  CHECK(!keys[0]->verify(7, message, made));
  CHECK(!keys[0]->verify(1, other, made));
  made[0] ^= 1;
  CHECK(!keys[0]->verify(1, message, made));
}

TEST_CASE("keys follow from the seed") {
  const std::vector<std::uint8_t> message{1, 2, 3};
  auto made = make_ed25519_keys(2, 5)[1]->sign(message);
  CHECK(make_ed25519_keys(2, 5)[0]->verify(1, message, made));
  CHECK(!make_ed25519_keys(2, 6)[0]->verify(1, message, made));
}

} // namespace weft::byzantine::test

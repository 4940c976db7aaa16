#include "apps/byzantine/signing/ed25519.hpp"

#include "runtime/base/assert.hpp"

#include <array>
#include <memory>
#include <sodium.h>
#include <utility>
#include <vector>

namespace weft::byzantine {

namespace {

static_assert(std::tuple_size_v<signature> == crypto_sign_BYTES);

using secret_key = std::array<unsigned char, crypto_sign_SECRETKEYBYTES>;
using public_key = std::array<unsigned char, crypto_sign_PUBLICKEYBYTES>;

class ed25519_ring final : public key_ring {
public:
  ed25519_ring(const secret_key& own,
               std::shared_ptr<const std::vector<public_key>> all)
      : own_(own), all_(std::move(all)) {}

  signature sign(std::span<const std::uint8_t> message) const override {
    signature made;
    auto failed = crypto_sign_detached(made.data(), nullptr, message.data(),
                                       message.size(), own_.data());
    WEFT_ASSERT(failed == 0);
    return made;
  }

  bool verify(general_id by, std::span<const std::uint8_t> message,
              const signature& what) const override {
    return by < all_->size()
           && crypto_sign_verify_detached(what.data(), message.data(),
                                          message.size(), (*all_)[by].data())
                  == 0;
  }

private:
  secret_key own_;
  std::shared_ptr<const std::vector<public_key>> all_;
};

/// A key's seed: a hash of the run's seed and the general's number.
std::array<unsigned char, crypto_sign_SEEDBYTES>
seed_of(std::uint64_t seed, std::uint64_t general) {
  std::array<unsigned char, 16> bytes;
  for (std::size_t byte = 0; byte < 8; ++byte) {
    bytes[byte] = static_cast<unsigned char>(seed >> (8 * byte));
    bytes[8 + byte] = static_cast<unsigned char>(general >> (8 * byte));
  }
  std::array<unsigned char, crypto_sign_SEEDBYTES> hash;
  auto failed = crypto_generichash(hash.data(), hash.size(), bytes.data(),
                                   bytes.size(), nullptr, 0);
  WEFT_ASSERT(failed == 0);
  return hash;
}

} // namespace

key_rings make_ed25519_keys(std::uint32_t generals, std::uint64_t seed) {
  // 1 means that it was ready before.
  WEFT_ASSERT(sodium_init() >= 0);
  auto all = std::make_shared<std::vector<public_key>>(generals);
  std::vector<secret_key> secret(generals);
  for (std::uint32_t who = 0; who < generals; ++who)
    crypto_sign_seed_keypair((*all)[who].data(), secret[who].data(),
                             seed_of(seed, who).data());
  key_rings rings;
  for (const auto& own : secret)
    rings.push_back(std::make_unique<ed25519_ring>(own, all));
  return rings;
}

} // namespace weft::byzantine

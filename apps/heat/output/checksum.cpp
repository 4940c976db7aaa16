#include "apps/heat/output/checksum.hpp"

#include "runtime/base/assert.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <bit>

namespace weft::heat {

static_assert(std::endian::native == std::endian::little,
              "cells are summed as they lie in memory");

namespace {

EVP_MD_CTX* context(void* state) {
  return static_cast<EVP_MD_CTX*>(state);
}

} // namespace

// OpenSSL fails here only when memory is gone or SHA-256 was built out.
checksum::checksum() : state_(EVP_MD_CTX_new()) {
  WEFT_ASSERT(
      state_ && EVP_DigestInit_ex(context(state_), EVP_sha256(), nullptr) == 1);
}

checksum::~checksum() {
  EVP_MD_CTX_free(context(state_));
}

void checksum::add(std::span<const double> cells) {
  WEFT_ASSERT(
      EVP_DigestUpdate(context(state_), cells.data(), cells.size_bytes()) == 1);
}

std::string checksum::hex() {
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  WEFT_ASSERT(EVP_DigestFinal_ex(context(state_), sum, &length) == 1);
  std::string text;
  for (unsigned byte = 0; byte < length; ++byte)
    text += fmt::format("{:02x}", sum[byte]);
  return text;
}

} // namespace weft::heat

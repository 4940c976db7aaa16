#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

namespace weft::transport {

/// Releases an object of OpenSSL by its own function.
template <auto Function>
struct openssl_delete {
  template <class T>
  void operator()(T* object) const noexcept {
    Function(object);
  }
};

using bio_ptr = std::unique_ptr<BIO, openssl_delete<BIO_free_all>>;
using key_ptr = std::unique_ptr<EVP_PKEY, openssl_delete<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, openssl_delete<X509_free>>;
using ssl_ptr = std::unique_ptr<SSL, openssl_delete<SSL_free>>;
using ssl_context_ptr = std::unique_ptr<SSL_CTX, openssl_delete<SSL_CTX_free>>;

/// A read-only BIO over `text`, which must outlive it.
inline bio_ptr read_from(std::string_view text) {
  return bio_ptr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

/// The first error of this thread's OpenSSL queue in its words, and clears the
/// queue: "bad signature"; "unknown error" when there is none.
std::string take_openssl_error();

} // namespace weft::transport

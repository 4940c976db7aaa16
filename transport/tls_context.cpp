#include "transport/tls_context.hpp"

#include <openssl/err.h>

namespace weft::transport {

namespace {

/// A chain is one certificate; this bounds what a stranger makes us hold.
constexpr long certificate_bytes_max = 16 * 1024;

bool set_protocol(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, certificate_bytes_max);
  // CAF's buffer may move between two attempts to write the same bytes.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE
                                | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1
         && SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1
         && SSL_CTX_set_num_tickets(context, 0) == 1
         && SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:"
                                              "TLS_AES_256_GCM_SHA384:"
                                              "TLS_CHACHA20_POLY1305_SHA256")
                == 1
         && SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1;
}

bool set_identity(SSL_CTX* context, const identity& mine) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     nullptr);
  // The authority signs nodes itself, with nothing in between.
  SSL_CTX_set_verify_depth(context, 0);
  return X509_STORE_add_cert(SSL_CTX_get_cert_store(context),
                             mine.authority.get())
             == 1
         && SSL_CTX_use_certificate(context, mine.certificate.get()) == 1
         && SSL_CTX_use_PrivateKey(context, mine.key.get()) == 1
         && SSL_CTX_check_private_key(context) == 1;
}

} // namespace

result<ssl_context_ptr> make_tls_context(const identity& mine) {
  ERR_clear_error();
  ssl_context_ptr context{SSL_CTX_new(TLS_method())};
  if (!context || !set_protocol(context.get())
      || !set_identity(context.get(), mine))
    return fail(errc::internal,
                "OpenSSL failed to set up TLS: " + take_openssl_error());
  return context;
}

} // namespace weft::transport

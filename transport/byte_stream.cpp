#include "transport/byte_stream.hpp"

#include "transport/socket_bio.hpp"

#include <openssl/err.h>

#include <cerrno>
#include <cstring>

namespace weft::transport {

namespace {

constexpr unsigned char tls_alert = 0x15;
constexpr unsigned char tls_handshake = 0x16;

refusal explain_certificate(long why) {
  switch (why) {
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return {refusal_kind::bad_certificate,
            "its certificate has expired: renew it with \"weft certs\""};
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return {refusal_kind::bad_certificate,
            "its certificate is not valid yet: compare the clocks"};
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_CERT_SIGNATURE_FAILURE:
  case X509_V_ERR_CERT_CHAIN_TOO_LONG:
    return {refusal_kind::other_authority,
            "its certificate is of another authority than this cluster's"};
  default:
    return {refusal_kind::bad_certificate,
            std::string{"its certificate does not hold: "}
                + X509_verify_cert_error_string(why)};
  }
}

/// Alerts that the peer sent stand in the error queue from 1000 on.
refusal explain_alert(int reason) {
  switch (reason) {
  case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    return {refusal_kind::tls_version, "it offers no TLS 1.3"};
  case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    return {refusal_kind::refused_by_peer,
            "it refused our certificate, which is of another authority than "
            "its own"};
  case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    return {refusal_kind::refused_by_peer, "it demands a certificate"};
  case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    return {refusal_kind::refused_by_peer,
            "it refused our certificate, which is out of its time by its "
            "clock"};
  default:
    const char* text =
        ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, reason));
    return {refusal_kind::refused_by_peer,
            std::string{"it ended the TLS handshake: "}
                + (text == nullptr ? "unknown alert" : text)};
  }
}

refusal explain_tls(const SSL* ssl, unsigned long code) {
  const int reason = ERR_GET_REASON(code);
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason >= SSL_AD_REASON_OFFSET)
    return explain_alert(reason);
  switch (reason) {
  case SSL_R_CERTIFICATE_VERIFY_FAILED:
    return explain_certificate(SSL_get_verify_result(ssl));
  case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
    return {refusal_kind::no_certificate, "it shows no certificate"};
  case SSL_R_UNSUPPORTED_PROTOCOL:
  case SSL_R_VERSION_TOO_LOW:
  case SSL_R_WRONG_SSL_VERSION:
    return {refusal_kind::tls_version, "it offers no TLS 1.3"};
  default:
    const char* text = ERR_reason_error_string(code);
    return {refusal_kind::garbled,
            std::string{"it breaks the TLS protocol: "}
                + (text == nullptr ? "unknown error" : text)};
  }
}

refusal explain_first_bytes(const byte_stream::wire& wire) {
  const std::string_view first{reinterpret_cast<const char*>(wire.first.data()),
                               wire.heard};
  return {refusal_kind::not_tls, "it does not speak TLS: it began with \""
                                     + printable(first, wire.heard) + "\""};
}

refusal explain_end(const byte_stream::wire& wire) {
  if (wire.error != 0 && wire.error != ECONNRESET && wire.error != EPIPE)
    return {refusal_kind::system,
            std::string{"the connection broke: "} + std::strerror(wire.error)};
  if (wire.heard == 0)
    return {refusal_kind::closed, "it closed the connection without a word"};
  return {refusal_kind::closed, "it closed the connection early"};
}

} // namespace

byte_stream::byte_stream(int socket) : wire_{std::make_unique<wire>()} {
  wire_->socket = socket;
}

result<byte_stream> byte_stream::secured(int socket, SSL_CTX* context,
                                         role mine) {
  ERR_clear_error();
  byte_stream made{socket};
  made.ssl_.reset(SSL_new(context));
  auto bio = make_socket_bio(*made.wire_);
  if (!made.ssl_ || !bio)
    return fail(errc::internal,
                "OpenSSL failed to begin TLS: " + take_openssl_error());
  auto* shared = bio.release();
  SSL_set_bio(made.ssl_.get(), shared, shared);
  if (mine == role::dialing)
    SSL_set_connect_state(made.ssl_.get());
  else
    SSL_set_accept_state(made.ssl_.get());
  return made;
}

io_step byte_stream::handshake() {
  if (!ssl_)
    return {io_state::done, 0};
  ERR_clear_error();
  const auto step = after(SSL_do_handshake(ssl_.get()), 0);
  established_ = established_ || step.state == io_state::done;
  return step;
}

io_step byte_stream::read(void* to, std::size_t bytes_max) {
  if (!ssl_)
    return plain_step(receive(*wire_, to, bytes_max));
  ERR_clear_error();
  std::size_t count = 0;
  const int returned = SSL_read_ex(ssl_.get(), to, bytes_max, &count);
  return after(returned, count);
}

io_step byte_stream::write(const void* from, std::size_t bytes) {
  if (!ssl_) {
    auto step = plain_step(transmit(*wire_, from, bytes));
    if (step.state == io_state::want_read)
      step.state = io_state::want_write;
    return step;
  }
  ERR_clear_error();
  std::size_t count = 0;
  const int returned = SSL_write_ex(ssl_.get(), from, bytes, &count);
  return after(returned, count);
}

std::size_t byte_stream::pending() const {
  return ssl_ ? static_cast<std::size_t>(SSL_pending(ssl_.get())) : 0;
}

x509_ptr byte_stream::peer_certificate() const {
  return x509_ptr{ssl_ ? SSL_get1_peer_certificate(ssl_.get()) : nullptr};
}

io_step byte_stream::plain_step(long count) {
  if (count > 0)
    return {io_state::done, static_cast<std::size_t>(count)};
  if (count < 0 && wire_->error == EAGAIN)
    return {io_state::want_read, 0};
  why_ = explain_end(*wire_);
  return {};
}

io_step byte_stream::after(int returned, std::size_t bytes) {
  if (returned == 1)
    return {io_state::done, bytes};
  const int error = SSL_get_error(ssl_.get(), returned);
  if (error == SSL_ERROR_WANT_READ)
    return {io_state::want_read, 0};
  if (error == SSL_ERROR_WANT_WRITE)
    return {io_state::want_write, 0};
  why_ = explain(error);
  ERR_clear_error();
  return {};
}

refusal byte_stream::explain(int error) const {
  const auto code = ERR_peek_error();
  const bool alien = wire_->heard > 0 && wire_->first[0] != tls_handshake
                     && wire_->first[0] != tls_alert;
  if (!established_ && alien)
    return explain_first_bytes(*wire_);
  if (error != SSL_ERROR_SSL
      || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return explain_end(*wire_);
  return explain_tls(ssl_.get(), code);
}

} // namespace weft::transport

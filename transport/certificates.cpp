#include "transport/certificates.hpp"

#include "runtime/base/draft_file.hpp"
#include "runtime/base/text.hpp"
#include "transport/identity.hpp"
#include "transport/openssl_handle.hpp"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace weft::transport {

namespace {

using system_clock = std::chrono::system_clock;

constexpr auto authority_life = std::chrono::hours{24 * 365 * 10};

tl::unexpected<failure> openssl_failed(std::string_view doing) {
  return fail(errc::internal, "OpenSSL failed to " + std::string{doing} + ": "
                                  + take_openssl_error());
}

/// The form of cluster and node names goes unescaped into the URI.
result<void> check_name(std::string_view what, std::string_view name) {
  if (is_name(name))
    return {};
  return fail(errc::invalid_argument,
              "\"" + std::string{name} + "\" is no name of a "
                  + std::string{what}
                  + ": expected 1 to 64 characters of letters, digits, _ . -");
}

result<void> check_validity(validity when) {
  if (when.from < when.until)
    return {};
  return fail(errc::invalid_argument,
              "the certificate would end before it begins: give it a "
              "lifetime above zero");
}

/// 159 random bits, so that no two authorities or nodes share a serial.
bool set_random_serial(X509* certificate) {
  std::array<unsigned char, 20> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1)
    return false;
  bytes[0] &= 0x7f;
  std::unique_ptr<BIGNUM, openssl_delete<BN_free>> number{
      BN_bin2bn(bytes.data(), bytes.size(), nullptr)};
  return number
         && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate))
                != nullptr;
}

bool add_name(X509_NAME* name, const char* field, const std::string& value) {
  return X509_NAME_add_entry_by_txt(
             name, field, MBSTRING_UTF8,
             reinterpret_cast<const unsigned char*>(value.data()),
             static_cast<int>(value.size()), -1, 0)
         == 1;
}

bool add_extension(X509* certificate, X509* issuer, int kind,
                   const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, openssl_delete<X509_EXTENSION_free>>
      extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_times(X509* certificate, validity when) {
  return ASN1_TIME_set(X509_getm_notBefore(certificate),
                       system_clock::to_time_t(when.from))
             != nullptr
         && ASN1_TIME_set(X509_getm_notAfter(certificate),
                          system_clock::to_time_t(when.until))
                != nullptr;
}

/// A certificate for `key` with all but issuer, extensions and signature.
x509_ptr begin_certificate(EVP_PKEY* key, const std::string& common_name,
                           const std::string& organization, validity when) {
  x509_ptr certificate{X509_new()};
  if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1
      || !set_random_serial(certificate.get())
      || !set_times(certificate.get(), when)
      || X509_set_pubkey(certificate.get(), key) != 1)
    return nullptr;
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  if (!add_name(subject, "O", organization)
      || !add_name(subject, "CN", common_name))
    return nullptr;
  return certificate;
}

template <class Write>
std::string to_pem(Write write) {
  bio_ptr out{BIO_new(BIO_s_mem())};
  if (!out || write(out.get()) != 1)
    return {};
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

result<certificate_and_key> to_pem(X509* certificate, EVP_PKEY* key) {
  certificate_and_key pem;
  pem.certificate =
      to_pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
  pem.key = to_pem([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr,
                                    nullptr);
  });
  if (pem.certificate.empty() || pem.key.empty())
    return openssl_failed("write a certificate");
  return pem;
}

result<certificate_and_key> sign_node(X509* issuer, EVP_PKEY* issuer_key,
                                      const std::string& cluster,
                                      const std::string& node, validity when) {
  key_ptr key{EVP_EC_gen("P-256")};
  if (!key)
    return openssl_failed("make a key");
  auto certificate = begin_certificate(key.get(), node, cluster, when);
  X509* made = certificate.get();
  if (!made || X509_set_issuer_name(made, X509_get_subject_name(issuer)) != 1
      || !add_extension(made, issuer, NID_basic_constraints,
                        "critical,CA:FALSE")
      || !add_extension(made, issuer, NID_key_usage,
                        "critical,digitalSignature")
      || !add_extension(made, issuer, NID_ext_key_usage,
                        "serverAuth,clientAuth")
      || !add_extension(made, issuer, NID_subject_key_identifier, "hash")
      || !add_extension(made, issuer, NID_authority_key_identifier, "keyid")
      || !add_extension(made, issuer, NID_subject_alt_name,
                        "URI:" + identity_uri(cluster, node))
      || X509_sign(made, issuer_key, EVP_sha256()) == 0)
    return openssl_failed("make a certificate");
  return to_pem(made, key.get());
}

/// The authority that lies in the directory, or a new one, written there.
result<certificate_and_key> open_authority(const std::string& directory,
                                           std::string_view cluster,
                                           validity when,
                                           std::vector<std::string>& written) {
  const auto certificate = directory + "/ca.pem";
  const auto key = directory + "/ca.key";
  std::error_code ignored;
  if (std::filesystem::exists(certificate, ignored)
      || std::filesystem::exists(key, ignored))
    return load_authority(certificate, key, cluster, when);
  // It outlives the nodes' certificates, or they could not be renewed.
  auto made = make_authority(
      cluster, {when.from, std::max(when.until, when.from + authority_life)});
  if (!made)
    return made;
  for (const auto& [path, content] :
       {std::pair{key, made->key}, std::pair{certificate, made->certificate}}) {
    if (auto done = write_atomically(path, content, survives::a_power_failure);
        !done)
      return pass_on(done);
    written.push_back(path);
  }
  return made;
}

} // namespace

validity valid_for(system_clock::time_point now, std::chrono::hours lifetime) {
  return {now - std::chrono::hours{1}, now + lifetime};
}

result<certificate_and_key> make_authority(std::string_view cluster,
                                           validity when) {
  if (auto good = check_name("cluster", cluster); !good)
    return pass_on(good);
  if (auto good = check_validity(when); !good)
    return pass_on(good);
  ERR_clear_error();
  const std::string organization{cluster};
  key_ptr key{EVP_EC_gen("P-256")};
  if (!key)
    return openssl_failed("make a key");
  auto certificate = begin_certificate(
      key.get(), "weft " + organization + " authority", organization, when);
  X509* made = certificate.get();
  if (!made || X509_set_issuer_name(made, X509_get_subject_name(made)) != 1
      || !add_extension(made, made, NID_basic_constraints,
                        "critical,CA:TRUE,pathlen:0")
      || !add_extension(made, made, NID_key_usage,
                        "critical,keyCertSign,cRLSign")
      || !add_extension(made, made, NID_subject_key_identifier, "hash")
      || X509_sign(made, key.get(), EVP_sha256()) == 0)
    return openssl_failed("make an authority");
  return to_pem(made, key.get());
}

result<certificate_and_key>
make_node_certificate(const certificate_and_key& authority,
                      std::string_view cluster, std::string_view node,
                      validity when) {
  if (auto good = check_name("cluster", cluster); !good)
    return pass_on(good);
  if (auto good = check_name("node", node); !good)
    return pass_on(good);
  if (auto good = check_validity(when); !good)
    return pass_on(good);
  auto issuer = parse_certificate(authority.certificate);
  auto key = parse_key(authority.key);
  if (!issuer || !key || X509_check_private_key(issuer.get(), key.get()) != 1) {
    ERR_clear_error();
    return fail(errc::invalid_argument,
                "the authority's key does not fit its certificate");
  }
  ERR_clear_error();
  return sign_node(issuer.get(), key.get(), std::string{cluster},
                   std::string{node}, when);
}

result<std::vector<std::string>>
write_certificates(const std::string& directory, std::string_view cluster,
                   std::span<const std::string> nodes, validity when) {
  std::vector<std::string> written;
  auto authority = open_authority(directory, cluster, when, written);
  if (!authority)
    return pass_on(authority);
  for (const auto& node : nodes) {
    auto made = make_node_certificate(*authority, cluster, node, when);
    if (!made)
      return pass_on(made);
    const auto base = directory + "/" + node;
    for (const auto& [path, content] :
         {std::pair{base + ".key", made->key},
          std::pair{base + ".pem", made->certificate}}) {
      if (auto done =
              write_atomically(path, content, survives::a_power_failure);
          !done)
        return pass_on(done);
      written.push_back(path);
    }
  }
  return written;
}

} // namespace weft::transport

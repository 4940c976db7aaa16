#include "transport/identity.hpp"

#include "runtime/base/text.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace weft::transport {

namespace {

constexpr std::size_t file_bytes_max = 64 * 1024;
constexpr std::string_view scheme = "weft://";

struct file_descriptor {
  int value = -1;
  ~file_descriptor() {
    if (value >= 0)
      ::close(value);
  }
};

tl::unexpected<failure> unreadable(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR)
    return fail(errc::not_found, path
                                     + " does not exist: make certificates "
                                       "with \"weft certs\" or mend the path");
  return fail(errc::io,
              "cannot read " + path + ": " + std::strerror(error)
                  + ": make it a file that the user of this process may read");
}

enum class secrecy { open, private_to_owner };

result<std::string> read_pem(const std::string& path, secrecy wanted) {
  // O_NONBLOCK: a FIFO in place of the file must not hang the start.
  file_descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat status {};
  if (file.value < 0 || ::fstat(file.value, &status) != 0)
    return unreadable(path, errno);
  if (!S_ISREG(status.st_mode))
    return fail(errc::io, path + " is no regular file: expected a PEM file");
  if (wanted == secrecy::private_to_owner && (status.st_mode & 077) != 0)
    return fail(errc::permission_denied,
                path
                    + " can be read by other users than its owner: run "
                      "chmod 600 "
                    + path);
  std::string text(file_bytes_max + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto count =
        ::read(file.value, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return unreadable(path, errno);
    if (count == 0)
      break;
    size += static_cast<std::size_t>(count);
  }
  if (size > file_bytes_max)
    return fail(errc::invalid_argument,
                path + " is no PEM file: it has more than 64KiB");
  text.resize(size);
  return text;
}

tl::unexpected<failure> not_pem(const std::string& path,
                                std::string_view what) {
  ERR_clear_error();
  return fail(errc::invalid_argument,
              path + " holds no PEM " + std::string{what}
                  + ": expected a file that \"weft certs\" wrote, without a "
                    "pass phrase");
}

result<x509_ptr> read_certificate(const std::string& path) {
  auto text = read_pem(path, secrecy::open);
  if (!text)
    return pass_on(text);
  auto certificate = parse_certificate(*text);
  if (!certificate)
    return not_pem(path, "certificate");
  return certificate;
}

result<key_ptr> read_key(const std::string& path) {
  auto text = read_pem(path, secrecy::private_to_owner);
  if (!text)
    return pass_on(text);
  auto key = parse_key(*text);
  OPENSSL_cleanse(text->data(), text->size());
  if (!key)
    return not_pem(path, "private key");
  return key;
}

/// "2026-11-21 10:00:00 UTC".
std::string format_time(const ASN1_TIME* time) {
  std::tm parts{};
  char text[64] = "an unknown time";
  if (ASN1_TIME_to_tm(time, &parts) == 1)
    std::strftime(text, sizeof text, "%F %T UTC", &parts);
  return text;
}

result<void> check_times(const X509* certificate, const std::string& path,
                         std::time_t now) {
  const auto* from = X509_get0_notBefore(certificate);
  const auto* until = X509_get0_notAfter(certificate);
  if (X509_cmp_time(until, &now) < 0)
    return fail(errc::invalid_argument, path + " expired at "
                                            + format_time(until)
                                            + ": renew it with \"weft certs\"");
  if (X509_cmp_time(from, &now) > 0)
    return fail(errc::invalid_argument,
                path + " is not valid before " + format_time(from)
                    + ": set this machine's clock, or renew it with "
                      "\"weft certs\"");
  return {};
}

result<void> check_signature(const identity& mine, const identity_files& files,
                             std::time_t now) {
  std::unique_ptr<X509_STORE, openssl_delete<X509_STORE_free>> store{
      X509_STORE_new()};
  std::unique_ptr<X509_STORE_CTX, openssl_delete<X509_STORE_CTX_free>> check{
      X509_STORE_CTX_new()};
  if (!store || !check
      || X509_STORE_add_cert(store.get(), mine.authority.get()) != 1
      || X509_STORE_CTX_init(check.get(), store.get(), mine.certificate.get(),
                             nullptr)
             != 1)
    return fail(errc::internal, "OpenSSL failed to check a certificate: "
                                    + take_openssl_error());
  X509_STORE_CTX_set_time(check.get(), 0, now);
  const bool good = X509_verify_cert(check.get()) == 1;
  const int why = X509_STORE_CTX_get_error(check.get());
  ERR_clear_error();
  if (good)
    return {};
  return fail(errc::invalid_argument,
              files.cert + " is not signed by the authority in " + files.ca
                  + " (" + X509_verify_cert_error_string(why)
                  + "): take both files from the same \"weft certs\" run");
}

result<void> check_name_in(const X509* certificate, const std::string& path,
                           std::string_view cluster, std::string_view node) {
  const auto names = name_in(certificate);
  if (!names)
    return fail(errc::invalid_argument, path + ": " + names.error().message);
  if (names->cluster != cluster)
    return fail(errc::invalid_argument,
                path + " is for cluster " + names->cluster + ", expected "
                    + std::string{cluster}
                    + ": take the file that was made for this cluster");
  if (names->node != node)
    return fail(errc::invalid_argument,
                path + " is for node " + names->node + ", expected "
                    + std::string{node}
                    + ": take the file that was made for this node");
  return {};
}

result<void> check_key(const X509* certificate, const EVP_PKEY* key,
                       const std::string& certificate_path,
                       const std::string& key_path) {
  const bool fits = X509_check_private_key(certificate, key) == 1;
  ERR_clear_error();
  if (fits)
    return {};
  return fail(errc::invalid_argument,
              key_path + " does not fit " + certificate_path
                  + ": take both files from the same \"weft certs\" run");
}

} // namespace

std::string identity_uri(std::string_view cluster, std::string_view node) {
  return std::string{scheme}.append(cluster).append("/").append(node);
}

result<certified_name> name_in(const X509* certificate) {
  std::unique_ptr<GENERAL_NAMES, openssl_delete<GENERAL_NAMES_free>> names{
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(
          certificate, NID_subject_alt_name, nullptr, nullptr))};
  std::optional<certified_name> found;
  for (int at = 0; at < sk_GENERAL_NAME_num(names.get()); ++at) {
    const auto* each = sk_GENERAL_NAME_value(names.get(), at);
    if (each->type != GEN_URI)
      continue;
    std::string_view uri{reinterpret_cast<const char*>(ASN1_STRING_get0_data(
                             each->d.uniformResourceIdentifier)),
                         static_cast<std::size_t>(ASN1_STRING_length(
                             each->d.uniformResourceIdentifier))};
    if (!uri.starts_with(scheme))
      continue;
    const auto parts = split(uri.substr(scheme.size()), '/');
    if (found || parts.size() != 2 || !is_name(parts[0]) || !is_name(parts[1]))
      return fail(errc::invalid_argument,
                  "the certificate has no single URI weft://cluster/node: make "
                  "it with \"weft certs\"");
    found = certified_name{std::string{parts[0]}, std::string{parts[1]}};
  }
  ERR_clear_error();
  if (!found)
    return fail(errc::invalid_argument,
                "the certificate names no node: it has no URI "
                "weft://cluster/node; make it with \"weft certs\"");
  return *found;
}

result<identity> load_identity(const identity_files& files,
                               std::string_view cluster, std::string_view node,
                               std::chrono::system_clock::time_point now) {
  ERR_clear_error();
  auto authority = read_certificate(files.ca);
  if (!authority)
    return pass_on(authority);
  auto certificate = read_certificate(files.cert);
  if (!certificate)
    return pass_on(certificate);
  auto key = read_key(files.key);
  if (!key)
    return pass_on(key);
  identity mine{std::move(*authority), std::move(*certificate),
                std::move(*key)};
  const auto time = std::chrono::system_clock::to_time_t(now);
  auto good =
      check_key(mine.certificate.get(), mine.key.get(), files.cert, files.key);
  if (good)
    good = check_times(mine.authority.get(), files.ca, time);
  if (good)
    good = check_times(mine.certificate.get(), files.cert, time);
  if (good)
    good = check_signature(mine, files, time);
  if (good)
    good = check_name_in(mine.certificate.get(), files.cert, cluster, node);
  if (!good)
    return pass_on(good);
  return mine;
}

result<void> check_identity(const identity_files& files,
                            std::string_view cluster, std::string_view node,
                            std::chrono::system_clock::time_point now) {
  auto loaded = load_identity(files, cluster, node, now);
  if (!loaded)
    return pass_on(loaded);
  return {};
}

result<certificate_and_key> load_authority(const std::string& certificate,
                                           const std::string& key,
                                           std::string_view cluster,
                                           validity when) {
  auto certificate_pem = read_pem(certificate, secrecy::open);
  if (!certificate_pem)
    return pass_on(certificate_pem);
  auto key_pem = read_pem(key, secrecy::private_to_owner);
  if (!key_pem)
    return pass_on(key_pem);
  const auto parsed = parse_certificate(*certificate_pem);
  if (!parsed)
    return not_pem(certificate, "certificate");
  const auto parsed_key = parse_key(*key_pem);
  if (!parsed_key)
    return not_pem(key, "private key");
  auto fits = check_key(parsed.get(), parsed_key.get(), certificate, key);
  if (!fits)
    return pass_on(fits);
  char organization[128] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(parsed.get()),
                            NID_organizationName, organization,
                            sizeof organization);
  if (organization != cluster)
    return fail(errc::invalid_argument,
                certificate + " is the authority of cluster "
                    + std::string{organization} + ", expected "
                    + std::string{cluster} + ": use another directory");
  auto until = std::chrono::system_clock::to_time_t(when.until);
  if (X509_cmp_time(X509_get0_notAfter(parsed.get()), &until) < 0)
    return fail(errc::invalid_argument,
                certificate + " ends at "
                    + format_time(X509_get0_notAfter(parsed.get()))
                    + ", before what it would sign: ask for a shorter "
                      "lifetime, or remove it and its key and make all "
                      "certificates anew");
  return certificate_and_key{std::move(*certificate_pem), std::move(*key_pem)};
}

x509_ptr parse_certificate(std::string_view pem) {
  auto source = read_from(pem);
  return x509_ptr{PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr)};
}

key_ptr parse_key(std::string_view pem) {
  auto source = read_from(pem);
  // An empty pass phrase given outright: OpenSSL would ask on the terminal.
  char no_pass_phrase[] = "";
  return key_ptr{
      PEM_read_bio_PrivateKey(source.get(), nullptr, nullptr, no_pass_phrase)};
}

} // namespace weft::transport

#include "runtime/base/draft_file.hpp"
#include "tests/unit/transport/support.hpp"
#include "transport/identity.hpp"

#include <openssl/pem.h>

#include <sys/stat.h>

namespace weft::test {

namespace {

using namespace weft::transport;

const auto now =
    std::chrono::system_clock::time_point{std::chrono::seconds{1'800'000'000}};
const auto a_day = valid_for(now, 24h);

unsigned mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

/// A directory with the certificates of "demo": n1 and n2.
struct demo_files {
  scratch_directory directory;
  demo_files() {
    const std::vector<std::string> nodes{"n1", "n2"};
    auto made = write_certificates(directory.path(), "demo", nodes, a_day);
    REQUIRE_MESSAGE(made, made.error().message);
    written = *made;
  }
  failure refuse(const identity_files& files, const std::string& cluster,
                 const std::string& node,
                 std::chrono::system_clock::time_point when = now) {
    auto loaded = load_identity(files, cluster, node, when);
    REQUIRE_FALSE(loaded);
    const auto checked = check_identity(files, cluster, node, when);
    REQUIRE_FALSE(checked);
    CHECK(checked.error() == loaded.error());
    return loaded.error();
  }
  identity_files n1() { return files_of(directory, "n1"); }
  std::vector<std::string> written;
};

bool says(const failure& what, const std::string& text) {
  INFO(what.message);
  return what.message.find(text) != std::string::npos;
}

} // namespace

TEST_CASE_FIXTURE(demo_files, "what is written is private and holds") {
  CHECK(written.size() == 6);
  for (const auto& path : written)
    CHECK(mode_of(path) == 0600);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& each :
       std::filesystem::directory_iterator{directory.path()})
    ++files;
  CHECK(files == 6);
  for (const std::string node : {"n1", "n2"}) {
    auto mine = load_identity(files_of(directory, node), "demo", node, now);
    REQUIRE_MESSAGE(mine, mine.error().message);
    CHECK(check_identity(files_of(directory, node), "demo", node, now));
    auto names = name_in(mine->certificate.get());
    REQUIRE(names);
    CHECK(names->node == node);
    CHECK(names->cluster == "demo");
  }
}

TEST_CASE_FIXTURE(demo_files, "serials differ, keys are EC, version is 3") {
  auto one = parse_certificate(read_file(directory / "n1.pem"));
  auto two = parse_certificate(read_file(directory / "n2.pem"));
  REQUIRE(one);
  REQUIRE(two);
  CHECK(ASN1_INTEGER_cmp(X509_get0_serialNumber(one.get()),
                         X509_get0_serialNumber(two.get()))
        != 0);
  CHECK(EVP_PKEY_is_a(X509_get0_pubkey(one.get()), "EC"));
  CHECK(EVP_PKEY_get_bits(X509_get0_pubkey(one.get())) == 256);
  CHECK(X509_get_version(one.get()) == X509_VERSION_3);
  CHECK(X509_check_ca(one.get()) == 0);
  auto authority = parse_certificate(read_file(directory / "ca.pem"));
  CHECK(X509_check_ca(authority.get()) == 1);
  CHECK(X509_get_pathlen(authority.get()) == 0);
}

TEST_CASE_FIXTURE(demo_files, "a second run keeps the authority, adds nodes") {
  const auto authority = read_file(directory / "ca.pem");
  const auto old = read_file(directory / "n1.pem");
  const std::vector<std::string> nodes{"n1", "n3"};
  const auto made = write_certificates(directory.path(), "demo", nodes,
                                       valid_for(now + 12h, 24h * 365));
  REQUIRE_MESSAGE(made, made.error().message);
  CHECK(made->size() == 4);
  CHECK(read_file(directory / "ca.pem") == authority);
  CHECK(read_file(directory / "n1.pem") != old);
  CHECK(load_identity(files_of(directory, "n3"), "demo", "n3", now + 13h));
  CHECK(load_identity(files_of(directory, "n2"), "demo", "n2", now));
}

TEST_CASE_FIXTURE(demo_files, "an authority of another cluster is not used") {
  const std::vector<std::string> nodes{"n1"};
  const auto made = write_certificates(directory.path(), "prod", nodes, a_day);
  REQUIRE_FALSE(made);
  CHECK(says(made.error(), "is the authority of cluster demo, expected prod"));
}

TEST_CASE_FIXTURE(demo_files, "an authority signs nothing beyond its end") {
  const std::vector<std::string> nodes{"n1"};
  const auto made = write_certificates(directory.path(), "demo", nodes,
                                       valid_for(now, 24h * 365 * 20));
  REQUIRE_FALSE(made);
  CHECK(says(made.error(), "ask for a shorter lifetime"));
}

TEST_CASE_FIXTURE(demo_files, "half an authority is no authority") {
  std::filesystem::remove(directory / "ca.key");
  const std::vector<std::string> nodes{"n1"};
  const auto made = write_certificates(directory.path(), "demo", nodes, a_day);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == errc::not_found);
  CHECK(says(made.error(), "ca.key does not exist"));
}

TEST_CASE("names and lifetimes that cannot be are refused") {
  const auto authority = make_authority("demo", a_day);
  REQUIRE(authority);
  CHECK(make_authority("de/mo", a_day).error().code == errc::invalid_argument);
  CHECK(make_node_certificate(*authority, "demo", "n 1", a_day).error().code
        == errc::invalid_argument);
  CHECK(
      make_node_certificate(*authority, "demo", "n1,URI:weft://demo/n2", a_day)
          .error()
          .code
      == errc::invalid_argument);
  CHECK(make_node_certificate(*authority, "demo", "n1", {now, now}).error().code
        == errc::invalid_argument);
  const auto other = make_authority("demo", a_day);
  REQUIRE(other);
  const auto mixed = make_node_certificate({authority->certificate, other->key},
                                           "demo", "n1", a_day);
  REQUIRE_FALSE(mixed);
  CHECK(says(mixed.error(), "key does not fit"));
}

TEST_CASE_FIXTURE(demo_files, "missing and unreadable files are named") {
  for (const auto* which : {"ca.pem", "n1.pem", "n1.key"}) {
    scratch_directory partial;
    for (const auto* name : {"ca.pem", "n1.pem", "n1.key"})
      if (std::string{name} != which)
        std::filesystem::copy_file(directory / name, partial / name);
    const auto error = refuse(files_of(partial, "n1"), "demo", "n1");
    CHECK(error.code == errc::not_found);
    CHECK(says(error, std::string{which} + " does not exist"));
    CHECK(says(error, "weft certs"));
  }
  auto files = n1();
  files.ca = directory.path();
  CHECK(says(refuse(files, "demo", "n1"), "is no regular file"));
}

TEST_CASE_FIXTURE(demo_files, "files that are no PEM are named") {
  REQUIRE(write_atomically(directory / "n1.pem", "not a certificate"));
  CHECK(says(refuse(n1(), "demo", "n1"), "n1.pem holds no PEM certificate"));
  REQUIRE(
      write_atomically(directory / "n1.pem", read_file(directory / "n2.pem")));
  REQUIRE(write_atomically(directory / "n1.key", ""));
  CHECK(says(refuse(n1(), "demo", "n1"), "n1.key holds no PEM private key"));
  REQUIRE(write_atomically(directory / "ca.pem", std::string(100'000, 'x')));
  CHECK(says(refuse(n1(), "demo", "n1"), "more than 64KiB"));
}

TEST_CASE_FIXTURE(demo_files, "a key with a pass phrase does not ask for it") {
  auto key = parse_key(read_file(directory / "n1.key"));
  REQUIRE(key);
  bio_ptr out{BIO_new(BIO_s_mem())};
  char phrase[] = "secret";
  REQUIRE(PEM_write_bio_PrivateKey(out.get(), key.get(), EVP_aes_128_cbc(),
                                   nullptr, 0, nullptr, phrase)
          == 1);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  REQUIRE(write_atomically(directory / "n1.key",
                           {text, static_cast<std::size_t>(size)}));
  CHECK(says(refuse(n1(), "demo", "n1"), "without a pass phrase"));
}

TEST_CASE_FIXTURE(demo_files, "a key that others can read is refused") {
  for (const mode_t mode : {0640, 0604, 0660, 0644}) {
    REQUIRE(::chmod((directory / "n1.key").c_str(), mode) == 0);
    const auto error = refuse(n1(), "demo", "n1");
    CHECK(error.code == errc::permission_denied);
    CHECK(says(error, "chmod 600 " + (directory / "n1.key")));
  }
  REQUIRE(::chmod((directory / "n1.key").c_str(), 0400) == 0);
  CHECK(load_identity(n1(), "demo", "n1", now));
}

TEST_CASE_FIXTURE(demo_files, "a key of another certificate is refused") {
  auto files = n1();
  files.key = directory / "n2.key";
  CHECK(says(refuse(files, "demo", "n1"), "n2.key does not fit"));
}

TEST_CASE_FIXTURE(demo_files, "certificates hold in their time only") {
  CHECK(load_identity(n1(), "demo", "n1", a_day.from + 1s));
  CHECK(load_identity(n1(), "demo", "n1", a_day.until - 1s));
  const auto late = refuse(n1(), "demo", "n1", a_day.until + 1s);
  CHECK(says(late, "n1.pem expired at 2027-01-16 08:00:00 UTC"));
  CHECK(says(late, "renew it"));
  const auto early = refuse(n1(), "demo", "n1", a_day.from - 1s);
  CHECK(says(early, "is not valid before 2027-01-15 07:00:00 UTC"));
}

TEST_CASE_FIXTURE(demo_files, "another authority's certificate is refused") {
  demo_files other;
  auto files = n1();
  files.ca = other.directory / "ca.pem";
  CHECK(says(refuse(files, "demo", "n1"),
             "n1.pem is not signed by the authority in"));
}

TEST_CASE_FIXTURE(demo_files, "another node's or cluster's file is refused") {
  CHECK(says(refuse(n1(), "demo", "n2"), "is for node n1, expected n2"));
  CHECK(says(refuse(n1(), "prod", "n1"), "is for cluster demo, expected prod"));
}

TEST_CASE_FIXTURE(demo_files, "a certificate without a name of ours is none") {
  auto authority = parse_certificate(read_file(directory / "ca.pem"));
  const auto none = name_in(authority.get());
  REQUIRE_FALSE(none);
  CHECK(says(none.error(), "no URI weft://cluster/node"));
}

} // namespace weft::test

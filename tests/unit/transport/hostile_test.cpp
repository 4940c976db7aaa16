#include "tests/unit/transport/strangers.hpp"
#include "tests/unit/transport/support.hpp"
#include "transport/byte_stream.hpp"
#include "transport/core/greeting.hpp"
#include "transport/tls_context.hpp"

#include <random>

namespace weft::test {

namespace {

using namespace weft::transport;

carrier_options patient(const std::string& name) {
  auto how = demo_node::options(name);
  how.admission.accept_burst = 100'000;
  return how;
}

/// A node under attack and a good peer that must get through afterwards.
struct siege {
  demo_node target{patient("n1")};
  config::endpoint where = target.listen();

  void check_still_serves() {
    demo_node good{"n2"};
    CHECK(good.greet(where, "n1") == "hello, n1");
  }

  void check_logged(const std::string& reason) {
    CHECK_MESSAGE(target.log.wait_for(reason), target.log.text());
  }
};

/// A TLS client that need not play by the rules.
class tls_stranger {
public:
  tls_stranger(const config::endpoint& where, SSL_CTX* context)
      : socket_{where}, stream_{*byte_stream::secured(socket_.socket(), context,
                                                      role::dialing)} {}

  /// Until TLS is established or the node has ended the connection.
  void meet() {
    if (stream_.handshake().state == io_state::done) {
      char byte = 0;
      stream_.read(&byte, 1);
    }
  }

  std::string meet_and_say(const std::vector<std::uint8_t>& bytes) {
    REQUIRE(stream_.handshake().state == io_state::done);
    stream_.write(bytes.data(), bytes.size());
    std::string heard(2000, '\0');
    std::size_t size = 0;
    for (;;) {
      const auto step = stream_.read(heard.data() + size, heard.size() - size);
      if (step.state != io_state::done)
        break;
      size += step.bytes;
    }
    heard.resize(size);
    return heard;
  }

private:
  stranger socket_;
  byte_stream stream_;
};

ssl_context_ptr anonymous_context() {
  ssl_context_ptr context{SSL_CTX_new(TLS_client_method())};
  REQUIRE(context);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  return context;
}

/// A context that shows the certificate but trusts everyone.
ssl_context_ptr trusting_context(const certificate_and_key& shown) {
  auto context = anonymous_context();
  auto certificate = parse_certificate(shown.certificate);
  auto key = parse_key(shown.key);
  REQUIRE(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1);
  return context;
}

validity an_hour() {
  return valid_for(std::chrono::system_clock::now(), 1h);
}

certificate_and_key signed_by_demo(const std::string& cluster,
                                   const std::string& node, validity when) {
  const auto& directory = demo_certificates();
  auto made = make_node_certificate(
      {read_file(directory / "ca.pem"), read_file(directory / "ca.key")},
      cluster, node, when);
  REQUIRE(made);
  return *made;
}

/// The first bytes that a good peer would send.
std::string client_hello() {
  auto context = anonymous_context();
  ssl_ptr ssl{SSL_new(context.get())};
  auto* in = BIO_new(BIO_s_mem());
  auto* out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl.get(), in, out);
  SSL_connect(ssl.get());
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string shut_by(const config::endpoint& where, std::string_view bytes) {
  stranger client{where};
  client.say(bytes);
  client.stop_talking();
  client.wait_for_end();
  return {};
}

} // namespace

TEST_CASE_FIXTURE(siege, "a plain client is refused, its first bytes logged") {
  shut_by(where, "GET / HTTP/1.1\r\n\r\n");
  check_logged("it does not speak TLS: it began with \"GET /\"");
  check_still_serves();
}

TEST_CASE_FIXTURE(siege, "32 bytes of zero, which kill a bare CAF node") {
  shut_by(where, std::string(32, '\0'));
  std::string packet(32, '\0');
  packet[0] = 1;
  shut_by(where, packet);
  check_logged("it does not speak TLS: it began with \".....\"");
  check_still_serves();
}

TEST_CASE("on plain connections too, garbage does not reach CAF") {
  demo_node target{"n1", false};
  const auto where = target.listen();
  for (const char first : {'\0', '\1', 'w'}) {
    std::string packet(32, '\0');
    packet[0] = first;
    shut_by(where, packet);
  }
  CHECK(target.log.wait_for("it does not greet as a node"));
  demo_node good{"n2", false};
  CHECK(good.greet(where, "n1") == "hello, n1");
}

TEST_CASE_FIXTURE(siege, "random bytes of any length are survived") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (int round = 0; round < 200; ++round) {
    std::string bytes(random() % 3000, '\0');
    for (auto& byte : bytes)
      byte = static_cast<char>(random());
    // Half of them begin like TLS.
    if (round % 2 == 0 && bytes.size() > 3)
      bytes.replace(0, 3, "\x16\x03\x01");
    shut_by(where, bytes);
  }
  check_logged("it does not speak TLS");
  check_still_serves();
}

TEST_CASE_FIXTURE(siege, "a hello cut off at any length is survived") {
  const auto hello = client_hello();
  REQUIRE(hello.size() > 100);
  for (std::size_t size = 0; size < hello.size(); ++size)
    shut_by(where, std::string_view{hello}.substr(0, size));
  check_logged("it closed the connection without a word");
  check_logged("it closed the connection early");
  check_still_serves();
}

TEST_CASE_FIXTURE(siege, "five hundred clients that hang up at once") {
  for (int count = 0; count < 500; ++count)
    stranger{where};
  check_still_serves();
  target.net->stop();
  CHECK(target.log.count_of("refused a connection") <= 10);
  CHECK_MESSAGE(target.log.count_of("more were refused") == 1,
                target.log.text());
}

TEST_CASE_FIXTURE(siege, "a client without TLS 1.3 is told apart") {
  auto context = anonymous_context();
  SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
  tls_stranger{where, context.get()}.meet();
  check_logged("it offers no TLS 1.3");
  check_still_serves();
}

TEST_CASE_FIXTURE(siege, "a client without a certificate is told apart") {
  tls_stranger{where, anonymous_context().get()}.meet();
  check_logged("it shows no certificate");
  check_still_serves();
}

TEST_CASE_FIXTURE(siege, "a certificate of another authority is told apart") {
  const auto authority = make_authority("demo", an_hour());
  REQUIRE(authority);
  const auto rogue = make_node_certificate(*authority, "demo", "n2", an_hour());
  REQUIRE(rogue);
  tls_stranger{where, trusting_context(*rogue).get()}.meet();
  check_logged("its certificate is of another authority");
  check_still_serves();
}

TEST_CASE_FIXTURE(siege, "a certificate out of its time is told apart") {
  const auto past = std::chrono::system_clock::now() - 48h;
  const auto old = signed_by_demo("demo", "n2", valid_for(past, 1h));
  tls_stranger{where, trusting_context(old).get()}.meet();
  check_logged("its certificate has expired");
  check_still_serves();
}

TEST_CASE_FIXTURE(siege, "names that do not belong are refused in words") {
  const auto meet = [&](const certificate_and_key& shown,
                        const greeting& said) {
    return tls_stranger{where, trusting_context(shown).get()}.meet_and_say(
        encode(said));
  };
  const auto unknown = meet(signed_by_demo("demo", "n99", an_hour()),
                            {verdict::welcome, "demo", "n99", ""});
  CHECK(unknown.find("node n99 is not in the cluster") != std::string::npos);
  check_logged("node n99 is not in the cluster");
  meet(signed_by_demo("prod", "n2", an_hour()),
       {verdict::welcome, "prod", "n2", ""});
  check_logged("it belongs to cluster prod, expected demo");
  meet(signed_by_demo("demo", "n1", an_hour()),
       {verdict::welcome, "demo", "n1", ""});
  check_logged("it shows our own name, n1");
  meet(signed_by_demo("demo", "n2", an_hour()),
       {verdict::welcome, "demo", "n3", ""});
  check_logged("its certificate is for n2 of demo, but it says it is n3");
  meet(signed_by_demo("demo", "n2", an_hour()),
       {verdict::refused, "demo", "n2", "I do not\nlike you"});
  check_logged("it refused us: I do not.like you");
  tls_stranger{where,
               trusting_context(signed_by_demo("demo", "n2", an_hour())).get()}
      .meet_and_say(std::vector<std::uint8_t>(32, 0));
  check_logged("it does not greet as a node");
  check_still_serves();
}

TEST_CASE_FIXTURE(siege, "the authority's own certificate is no node") {
  const auto& directory = demo_certificates();
  tls_stranger{where, trusting_context({read_file(directory / "ca.pem"),
                                        read_file(directory / "ca.key")})
                          .get()}
      .meet();
  check_logged("certificate");
  CHECK(target.log.count_of("connected from") == 0);
  check_still_serves();
}

TEST_CASE("a dialer refuses a peer that is not who it should be") {
  demo_node one{"n1"}, three{"n3"};
  const auto where = three.listen();
  const auto outcome = demo_node::await(one.connect(where, "n2"));
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == errc::permission_denied);
  CHECK(outcome.error().message.find("it is n3, expected n2")
        != std::string::npos);
  CHECK_MESSAGE(three.log.wait_for("it refused us: it is n3, expected n2"),
                three.log.text());
  CHECK(one.greet(where, "n3") == "hello, n3");
}

TEST_CASE("an acceptor tells the dialer in words why it refuses") {
  auto how = demo_node::options("n1");
  how.peers = {"n2"};
  demo_node one{how}, two{"n2"}, three{"n3"};
  const auto where = one.listen();
  const auto outcome = demo_node::await(three.connect(where, "n1"));
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == errc::permission_denied);
  CHECK(outcome.error().message.find(
            "it refused us: node n3 is not in the cluster")
        != std::string::npos);
  CHECK(one.log.wait_for("node n3 is not in the cluster"));
  CHECK(two.greet(where, "n1") == "hello, n1");
}

TEST_CASE("nodes of two authorities learn why they do not connect") {
  scratch_directory other;
  const std::vector<std::string> nodes{"n2"};
  REQUIRE(write_certificates(other.path(), "demo", nodes, an_hour()));
  auto how = demo_node::options("n2");
  how.tls = files_of(other, "n2");
  demo_node one{"n1"}, rogue{how};
  const auto outcome = demo_node::await(rogue.connect(one.listen(), "n1"));
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().message.find("another authority") != std::string::npos);
  CHECK_MESSAGE(one.log.wait_for("it refused our certificate"), one.log.text());
}

TEST_CASE("dialing a plain server by TLS, or the reverse, says so") {
  demo_node secure{"n1"}, plain{"n2", false};
  const auto to_plain = demo_node::await(secure.connect(plain.listen(), "n2"));
  REQUIRE_FALSE(to_plain);
  CHECK(plain.log.wait_for("it does not greet as a node"));
  const auto to_secure = demo_node::await(plain.connect(secure.listen(), "n1"));
  REQUIRE_FALSE(to_secure);
  CHECK(secure.log.wait_for("it does not speak TLS: it began with \"weft."));
}

TEST_CASE("silent connections over the limit do not keep a good peer out") {
  auto how = patient("n1");
  how.admission.half_open_max = 16;
  how.admission.half_open_per_address_max = 16;
  how.handshake_timeout = 2s;
  demo_node target{how}, good{"n2"};
  const auto where = target.listen();
  std::vector<stranger> flood;
  for (int count = 0; count < 100; ++count)
    flood.emplace_back(where);
  const auto before = std::chrono::steady_clock::now();
  CHECK(good.greet(where, "n1") == "hello, n1");
  const auto taken = std::chrono::steady_clock::now() - before;
  CHECK(taken < how.handshake_timeout);
  CHECK(target.log.wait_for("the oldest of too many half-open connections"));
  CHECK_MESSAGE(
      target.log.wait_for("it did not finish its first word within 2s"),
      target.log.text());
}

TEST_CASE("a hello that trickles in meets the deadline") {
  auto how = patient("n1");
  how.handshake_timeout = 200ms;
  demo_node target{how};
  const auto where = target.listen();
  stranger slow{where};
  slow.say(std::string_view{client_hello()}.substr(0, 50));
  slow.wait_for_end();
  CHECK_MESSAGE(
      target.log.wait_for("it did not finish the TLS handshake within 200ms"),
      target.log.text());
  demo_node good{"n2"};
  CHECK(good.greet(where, "n1") == "hello, n1");
}

} // namespace weft::test

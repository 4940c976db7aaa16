#include "tests/unit/http/http_fixture.hpp"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <vector>

namespace weft::http {

namespace {

/// Leaves the file of a socket on which nobody listens.
void make_stale_socket(const std::string& path) {
  const auto address = *unix_address(path);
  const unique_fd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  REQUIRE(::bind(fd.get(), address.data(), address.length) == 0);
}

/// Sets the process's umask for one test.
struct scoped_umask {
  explicit scoped_umask(mode_t mask) : before(::umask(mask)) {}
  ~scoped_umask() { ::umask(before); }
  mode_t before;
};

} // namespace

TEST_CASE("a Unix socket is for its owner alone, whatever the umask") {
  const temporary_folder folder;
  for (const mode_t mask : {0000, 0022, 0077}) {
    const scoped_umask scoped{mask};
    const auto path = folder.file("s.sock");
    const auto socket = unix_listen_socket::listen(path);
    REQUIRE(socket);
    struct stat info {};
    REQUIRE(::lstat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
  }
}

TEST_CASE("the file of a Unix socket goes with it, but not that of another") {
  const temporary_folder folder;
  const auto path = folder.file("s.sock");
  {
    const auto socket = unix_listen_socket::listen(path);
    REQUIRE(socket);
    CHECK(std::filesystem::exists(path));
  }
  CHECK_FALSE(std::filesystem::exists(path));
  {
    const auto socket = unix_listen_socket::listen(path);
    REQUIRE(socket);
    std::filesystem::rename(path, folder.file("moved.sock"));
    make_stale_socket(path);
  }
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("a stale socket is replaced") {
  const temporary_folder folder;
  const auto path = folder.file("s.sock");
  make_stale_socket(path);
  const auto socket = unix_listen_socket::listen(path);
  REQUIRE(socket);
  CHECK_NOTHROW(raw_connection::to_unix(path));
}

TEST_CASE("a living socket, a file, a folder and a link are left alone") {
  const temporary_folder folder;
  const auto path = folder.file("s.sock");
  const auto living = unix_listen_socket::listen(path);
  REQUIRE(living);
  const auto second = unix_listen_socket::listen(path);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == errc::already_exists);
  CHECK(contains(second.error().message, "stop that process"));
  CHECK_NOTHROW(raw_connection::to_unix(path));
  const auto file = folder.file("file");
  std::ofstream{file} << "precious";
  std::filesystem::create_symlink(file, folder.file("link"));
  for (const auto& other : {file, folder.file("link"), folder.path.string()}) {
    const auto refused = unix_listen_socket::listen(other);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::already_exists);
  }
  CHECK(std::filesystem::file_size(file) == 8);
}

TEST_CASE("paths that no socket can have are refused with the reason") {
  const temporary_folder folder;
  std::string long_path = folder.path / "";
  long_path.append(107 - long_path.size(), 'x');
  CHECK(unix_listen_socket::listen(long_path));
  const auto too_long = unix_listen_socket::listen(long_path + "x");
  REQUIRE_FALSE(too_long);
  CHECK(too_long.error().code == errc::invalid_argument);
  CHECK(contains(too_long.error().message, "at most 107 bytes, got 108"));
  for (const auto& path : {std::string{}, std::string{"a\0b", 3}}) {
    const auto refused = unix_listen_socket::listen(path);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::invalid_argument);
  }
  const auto no_folder = unix_listen_socket::listen(folder.file("no/s.sock"));
  REQUIRE_FALSE(no_folder);
  CHECK(no_folder.error().code == errc::not_found);
}

TEST_CASE("of several that find a stale socket at once, one listens") {
  const temporary_folder folder;
  const auto path = folder.file("s.sock");
  for (int round = 0; round < 10; ++round) {
    make_stale_socket(path);
    std::vector<std::optional<result<unix_listen_socket>>> outcomes(4);
    {
      std::vector<std::jthread> starters;
      for (auto& outcome : outcomes)
        starters.emplace_back(
            [&] { outcome.emplace(unix_listen_socket::listen(path)); });
    }
    int listening = 0;
    for (auto& outcome : outcomes) {
      if (outcome->has_value())
        ++listening;
      else
        CHECK((*outcome).error().code == errc::already_exists);
    }
    CHECK(listening == 1);
    CHECK_NOTHROW(raw_connection::to_unix(path));
  }
}

TEST_CASE("a folder that another process keeps locked is waited for in vain") {
  const temporary_folder folder;
  const unique_fd holder{::open(folder.path.c_str(), O_RDONLY | O_DIRECTORY)};
  REQUIRE(::flock(holder.get(), LOCK_EX) == 0);
  const auto refused = unix_listen_socket::listen(folder.file("s.sock"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unavailable);
}

TEST_CASE("a TCP port that is taken, or an address elsewhere, is refused") {
  const auto first = listen_on_tcp("127.0.0.1", 0);
  REQUIRE(first);
  CHECK(first->port != 0);
  const auto second = listen_on_tcp("127.0.0.1", first->port);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == errc::already_exists);
  CHECK(contains(second.error().message,
                 "127.0.0.1:" + std::to_string(first->port)));
  // No label has 64 characters, so no name server is asked for it.
  for (const auto& host :
       {std::string{"192.0.2.1"}, std::string{}, std::string(64, 'x')}) {
    const auto refused = listen_on_tcp(host, 0);
    REQUIRE_MESSAGE(!refused, host);
    CHECK(refused.error().code == errc::invalid_argument);
  }
  CHECK(listen_on_tcp("localhost", 0));
}

} // namespace weft::http

#pragma once

#include "runtime/caf/compat.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/caf/system_config.hpp"
#include "runtime/caf/type_ids.hpp"
#include "transport/carrier.hpp"
#include "transport/certificates.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

CAF_BEGIN_TYPE_ID_BLOCK(transport_test, weft::type_id::module)
CAF_ADD_ATOM(transport_test, weft::test, blob_atom, "blob")
CAF_END_TYPE_ID_BLOCK(transport_test)

namespace weft::test {

using namespace std::chrono_literals;
using transport::carrier;
using transport::carrier_options;
using transport::peer;

/// Generous: a machine under load must not fail a test.
inline constexpr auto patience = 30s;

inline std::string read_file(const std::string& path) {
  std::ifstream in{path};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// A directory of its own that vanishes with it.
class scratch_directory {
public:
  scratch_directory() {
    auto pattern =
        (std::filesystem::temp_directory_path() / "weft.XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;

  std::string operator/(const std::string& name) const {
    return path_ + "/" + name;
  }
  const std::string& path() const { return path_; }

private:
  std::string path_;
};

/// The certificates of a cluster "demo" with nodes n1 to n20.
inline const scratch_directory& demo_certificates() {
  static scratch_directory directory;
  static const bool made = [] {
    std::vector<std::string> nodes;
    for (int index = 1; index <= 20; ++index)
      nodes.push_back("n" + std::to_string(index));
    REQUIRE(transport::write_certificates(
        directory.path(), "demo", nodes,
        transport::valid_for(std::chrono::system_clock::now(), 1h)));
    return true;
  }();
  static_cast<void>(made);
  return directory;
}

inline transport::identity_files files_of(const scratch_directory& directory,
                                          const std::string& node) {
  return {directory / "ca.pem", directory / (node + ".pem"),
          directory / (node + ".key")};
}

/// Lines of a log, to wait for.
class lines {
public:
  void add(std::string_view line) {
    std::lock_guard lock{mutex_};
    all_.emplace_back(line);
    added_.notify_all();
  }

  /// True once a line holds `text`.
  bool wait_for(const std::string& text) {
    std::unique_lock lock{mutex_};
    return added_.wait_for(lock, patience, [&] { return count(text) > 0; });
  }

  std::size_t count_of(const std::string& text) {
    std::lock_guard lock{mutex_};
    return count(text);
  }

  std::string text() {
    std::lock_guard lock{mutex_};
    std::string all;
    for (const auto& line : all_)
      all += line + "\n";
    return all;
  }

private:
  std::size_t count(const std::string& text) const {
    std::size_t found = 0;
    for (const auto& line : all_)
      found += line.find(text) != std::string::npos;
    return found;
  }

  std::mutex mutex_;
  std::condition_variable added_;
  std::vector<std::string> all_;
};

using echo_actor = typed_actor<std::string(greet_atom, std::string),
                               std::vector<std::uint8_t>(
                                   blob_atom, std::vector<std::uint8_t>)>;

inline echo_actor::behavior_type echo(echo_actor::pointer) {
  return {
      [](greet_atom, const std::string& who) { return "hello, " + who; },
      [](blob_atom, std::vector<std::uint8_t>& bytes) {
        return std::move(bytes);
      },
  };
}

/// A peer that is silent for so long is lost: by default so long that a busy
/// machine does not make one.
inline constexpr auto long_silence = std::chrono::minutes{1};

struct network_config : system_config {
  explicit network_config(const std::string& node,
                          std::chrono::nanoseconds silence = long_silence)
      : system_config{options(node, silence)} {
    add_types<caf::id_block::transport_test>(*this);
  }
  static system_options options(const std::string& node,
                                std::chrono::nanoseconds silence) {
    system_options result;
    result.network = true;
    result.cluster = "demo";
    result.node = node;
    result.threads = 2;
    result.heartbeat_interval = 200ms;
    result.connection_timeout = silence;
    return result;
  }
};

/// A node of the cluster "demo": an actor system, an echo actor to be found,
/// a carrier.
class demo_node {
public:
  static carrier_options options(const std::string& name, bool secure = true) {
    carrier_options result;
    if (secure)
      result.tls = files_of(demo_certificates(), name);
    result.cluster = "demo";
    result.node = name;
    for (int index = 1; index <= 20; ++index)
      if (auto other = "n" + std::to_string(index); other != name)
        result.peers.push_back(other);
    return result;
  }

  explicit demo_node(const std::string& name, bool secure = true)
      : demo_node{options(name, secure)} {}

  explicit demo_node(carrier_options how,
                     std::chrono::nanoseconds silence = long_silence)
      : config{how.node, silence} {
    auto made = carrier::make(
        system, std::move(how),
        [this](config::log_level, std::string_view line) { log.add(line); });
    REQUIRE_MESSAGE(made, made.error().message);
    net = std::move(*made);
    entry = system.spawn(echo);
  }

  ~demo_node() {
    net->stop();
    caf::anon_send_exit(entry, caf::exit_reason::user_shutdown);
  }

  config::endpoint listen() {
    auto where = net->listen({"127.0.0.1", 0},
                             caf::actor_cast<caf::strong_actor_ptr>(entry));
    REQUIRE_MESSAGE(where, where.error().message);
    return *where;
  }

  std::future<result<peer>>
  connect(const config::endpoint& where, const std::string& name,
          std::chrono::nanoseconds timeout = patience) {
    auto promise = std::make_shared<std::promise<result<peer>>>();
    net->connect(where, name, timeout, [promise](result<peer> outcome) {
      promise->set_value(std::move(outcome));
    });
    return promise->get_future();
  }

  /// Connects and asks the echo actor at the other end.
  std::string greet(const config::endpoint& where, const std::string& name) {
    auto outcome = await(connect(where, name));
    if (!outcome)
      return to_string(outcome.error());
    return ask(caf::actor_cast<echo_actor>(outcome->entry), name);
  }

  std::string ask(const echo_actor& whom, const std::string& name) {
    caf::scoped_actor self{system};
    std::string answer;
    request(self.ptr(), whom, patience, greet_atom_v, name)
        .receive([&](std::string& text) { answer = std::move(text); },
                 [&](caf::error& error) { answer = system.render(error); });
    return answer;
  }

  template <class T>
  static T await(std::future<T> pending) {
    REQUIRE(pending.wait_for(patience) == std::future_status::ready);
    return pending.get();
  }

  std::future<result<std::string>> name_of(const caf::node_id& node) {
    auto promise = std::make_shared<std::promise<result<std::string>>>();
    net->name_of(node, [promise](result<std::string> outcome) {
      promise->set_value(std::move(outcome));
    });
    return promise->get_future();
  }

  network_config config;
  caf::actor_system system{config};
  lines log;
  std::unique_ptr<carrier> net;
  echo_actor entry;
};

/// Watches an actor from its making on.
class watcher {
public:
  watcher(caf::actor_system& system, const caf::strong_actor_ptr& target)
      : self_{system} {
    self_->monitor(caf::actor_cast<caf::actor>(target));
  }

  /// Why it ended; `timed_out` when it has not.
  failure wait() {
    failure seen{errc::timed_out, "it lives"};
    self_->receive(
        [&](caf::down_msg& message) { seen = from_caf(message.reason); },
        caf::after(patience) >> [] {});
    return seen;
  }

private:
  caf::scoped_actor self_;
};

} // namespace weft::test

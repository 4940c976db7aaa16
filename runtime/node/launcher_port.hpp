#pragma once

#include "runtime/base/result.hpp"
#include "runtime/http/client.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <sys/types.h>

namespace weft {

/// What this node's process says when it is ready.
struct node_ready {
  std::string listen;
  std::string http;
  std::uint64_t incarnation = 0;
};

/// The way to the launcher that started this process. Without one (systemd,
/// by hand) `exists` is false and every call fails with `unavailable`.
/// Threads: any; callbacks come from a thread of the port.
class launcher_port {
public:
  explicit launcher_port(std::string run_directory);

  bool exists() const;

  /// Reports this node ready, on the calling thread.
  result<void> report_ready(const std::string& node, const node_ready& what);

  /// Asks for a process of `node`. `already_exists`: one runs.
  void start(const std::string& node, const std::string& reason, pid_t replaces,
             std::function<void(result<void>)> done);

  /// The process of `node`, 0 if it has none.
  void process_of(const std::string& node,
                  std::function<void(result<pid_t>)> done);

  /// The cluster cannot go on; does not wait for an answer.
  void give_up(const std::string& reason);

private:
  void call(http::request what,
            std::function<void(result<http::response>)> done);

  http::address address_;
  http::async_client client_;
};

} // namespace weft

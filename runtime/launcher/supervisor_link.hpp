#pragma once

#include "runtime/http/client.hpp"
#include "runtime/launcher/launch_effects.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace weft::launcher {

/// POST /api/v1/cluster/exited?node= {pid, status, signal, reason}. `status`
/// is the exit code, or 128 + the signal; -1 when no process could be
/// spawned (`pid` is 0 then). `signal` is 0 for an end by itself.
http::request exited_request(const report_exit& what);

/// Brings reports to the cluster supervisor through the control socket of the
/// node that carries it: one at a time and in order, each tried up to
/// `attempts_max` times with growing pauses. Up to `queue_max` wait; one more
/// drops the oldest. What is dropped or refused is said through `trouble`;
/// the supervisor also notices by itself that a node is gone.
///
/// For the thread that runs the context alone.
class supervisor_link {
public:
  static constexpr std::size_t queue_max = 256;
  static constexpr int attempts_max = 6;
  static constexpr std::chrono::milliseconds first_pause{50};
  static constexpr std::chrono::milliseconds answer_timeout{2000};

  supervisor_link(boost::asio::io_context& context, std::string socket_path,
                  std::function<void(const std::string&)> trouble);
  ~supervisor_link();
  supervisor_link(const supervisor_link&) = delete;
  supervisor_link& operator=(const supervisor_link&) = delete;

  void report(http::request what);

private:
  void attempt();
  void answered(const result<http::response>& answer);
  void next();

  boost::asio::io_context& context_;
  std::string socket_path_;
  std::function<void(const std::string&)> trouble_;
  std::deque<http::request> queue_;
  /// The front of the queue is being sent or waits for its next attempt.
  bool busy_ = false;
  int attempts_ = 0;
  boost::asio::steady_timer pause_;
  /// Answers that come after the end of this object find it expired.
  std::shared_ptr<supervisor_link*> alive_;
  /// Last, so that its thread ends before what its callbacks use.
  http::async_client client_;
};

} // namespace weft::launcher

#pragma once

#include "runtime/caf/compat.hpp"
#include "spaces/client_core.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace weft::actors {

/// Where the answers to some calls go once all are there; each comes once.
/// What can no longer be answered, because all who could have dropped the
/// port, is `timed_out` if it may have been done, and otherwise `unavailable`:
/// whoever waits is always answered. Threads may answer different calls at
/// once.
class answer_port {
public:
  using done = std::function<void(std::vector<spaces::space_answer>)>;

  /// `then` runs in the thread that brings the last answer.
  /// `changing` says of each call whether it changes something.
  answer_port(std::vector<bool> changing, done then);
  ~answer_port();
  answer_port(const answer_port&) = delete;
  answer_port& operator=(const answer_port&) = delete;

  /// `index` is the call's, from 0; not answered before.
  void answer(std::size_t index, spaces::space_answer&& what);

private:
  std::vector<bool> changing_;
  std::vector<spaces::space_answer> answers_;
  /// Each written by the thread that answers, before it drops the port.
  std::vector<std::uint8_t> answered_;
  std::atomic<std::size_t> left_;
  done then_;
};

/// One call of somebody on this node.
struct local_call {
  spaces::call_number number = 0;
  spaces::any_call what;
  /// The shard of what it names by id or claim.
  std::optional<std::uint32_t> shard;
  /// Its place in the port.
  std::uint32_t index = 0;
};

/// Calls of one user of a space; never leaves the process.
struct local_calls {
  /// Unique on the node.
  std::uint64_t user = 0;
  /// The actor whose end releases all that the user holds; null for a user
  /// that says itself when it leaves.
  caf::actor_addr holder;
  std::vector<local_call> calls;
  std::shared_ptr<answer_port> to;
};

} // namespace weft::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weft::actors::local_calls)

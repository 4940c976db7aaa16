#pragma once

#include "tests/support/checkers/recorded_history.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace weft::fault {

/// Nanoseconds on the clock that all processes of a machine share.
inline std::uint64_t now() {
  return static_cast<std::uint64_t>(
      std::chrono::steady_clock::now().time_since_epoch().count());
}

struct recorder_options {
  /// Where the files of all clients are.
  std::string folder;
  std::uint8_t groups = 1;
  std::chrono::nanoseconds lease{0};
  /// For the client that empties the space at the end.
  bool drains = false;
};

/// Writes one client's history to a file of its own. What is asked is with the
/// kernel, which outlives the process, before `ask` returns; answers go with
/// what is asked next, so that those which a death cuts off count as unknown.
/// Throws `std::system_error` when it cannot write.
class history_recorder {
public:
  /// Takes the first number that no client before has had.
  explicit history_recorder(const recorder_options& options);
  ~history_recorder();
  history_recorder(const history_recorder&) = delete;
  history_recorder& operator=(const history_recorder&) = delete;

  /// From 1; another one for each client that there ever was in the folder.
  checkers::client_id number() const { return number_; }

  /// Call it right before the calls are sent.
  void ask(const std::vector<checkers::record>& calls);
  void answer(const std::vector<checkers::record>& answers);
  /// The client has ended by itself.
  void close();

private:
  void flush();

  checkers::client_id number_ = 0;
  int file_ = -1;
  std::vector<checkers::record> waiting_;
};

} // namespace weft::fault

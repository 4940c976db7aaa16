#pragma once

#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace weft::actors {

struct factory_limits {
  /// Actors that run or are being started, without those that wait for their
  /// restart.
  std::size_t actors_max = 100'000;
  std::size_t argument_bytes_max = 1 << 20;
};

/// What has been asked for, as the factory's core sees it.
struct factory_order {
  std::string request_id;
  std::string type;
  /// Empty: the factory makes one.
  std::string name;
  std::string arguments;
  std::string restart;
};

/// The children that a factory has started: their names, their number, and
/// which of them may come back. A plain class; actors are numbers here.
class factory_core {
public:
  /// What a child is called. Its key, "module/name", is its registered name.
  struct place {
    std::string module;
    std::string name;

    std::string key() const { return module + '/' + name; }
    friend bool operator==(const place&, const place&) = default;
  };

  explicit factory_core(const factory_limits& limits = {});

  /// Checks everything about an order but its type and arguments, and
  /// reserves a name for it. Fails with `invalid_argument`, `already_exists`
  /// (a child of this name runs or is being started) or `exhausted`; nothing is
  /// reserved then. Whether a child that does not run still has its name, its
  /// supervisor knows, which refuses a second one.
  result<place> reserve(const factory_order& order);

  /// Gives back what `reserve` took, for a start that has failed; a child that
  /// had the name before keeps it.
  void release(const place& what);

  /// An incarnation runs, the first or a later one. It is counted even if its
  /// record is gone by now, as after a long back-off.
  void runs(const place& what, const std::string& restart, std::uint64_t actor);

  /// The start has succeeded: `path` is where the child is in the tree.
  void settle(const place& what, std::string path);

  /// An incarnation has ended; `orderly`: normally or by a shutdown. A child
  /// that its supervisor will not restart is forgotten. True for one whose name
  /// the supervisor keeps until the child is deleted.
  bool ended(const place& what, std::uint64_t actor, bool orderly);

  /// Gives back all that is reserved and not settled: nobody will do either.
  void forget_unsettled();

  /// The child at a path of the tree, or null.
  const place* find(std::string_view path) const;

  /// Forgets the child at a path, which is stopped for good.
  void remove(std::string_view path);

  /// Actors that run or are being started.
  std::size_t running() const { return running_; }

private:
  struct child {
    place where;
    std::string path;
    std::string restart;
    /// True from the reservation to the end of the incarnation.
    bool running = true;
    std::uint64_t actor = 0;
    /// Grows with each end: which entry of `idle_` is the valid one.
    std::uint64_t ends = 0;
  };

  using children = std::unordered_map<std::string, child>;

  std::string make_name(const std::string& module, const std::string& actor);
  void forget(children::iterator found);
  void make_idle(children::iterator found);
  void bound_idle();

  factory_limits limits_;
  children children_;
  std::unordered_map<std::string, std::string> keys_by_path_;
  std::size_t running_ = 0;
  std::uint64_t last_number_ = 0;
  /// Children that may come back, by key and number of ends, the longest idle
  /// first; some of the entries are outdated.
  std::deque<std::pair<std::string, std::uint64_t>> idle_;
};

} // namespace weft::actors

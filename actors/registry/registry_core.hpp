#pragma once

#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weft::actors {

/// Limits of a registry; what exceeds one is answered with `exhausted`.
struct registry_options {
  std::size_t names_max = 1'000'000;
  /// Pairs of watcher and prefix.
  std::size_t watchers_max = 10'000;
  /// Names in one answer to a listing, so that it stays a small message.
  std::size_t listed_max = 4'000;
};

/// Succeeds for 1 to 200 bytes of names (`is_name`) joined by '/':
/// "hello/greeter-3". Fails with `invalid_argument`.
result<void> check_registry_name(std::string_view name);

/// Succeeds for what a valid name may start with, "" and "hello/gr" included.
/// Fails with `invalid_argument`.
result<void> check_registry_prefix(std::string_view prefix);

/// Which name is held by whom, and who wants to hear of it. A plain class:
/// actors are numbers here ("parties"), what is to be sent is handed out.
class registry_core {
public:
  /// An actor that holds names or watches; chosen by the caller, which must
  /// tell of its end by `ended`.
  using party = std::uint64_t;

  struct entry {
    std::string name;
    std::string type;
    std::string node;
    party holder = 0;
    std::uint64_t revision = 0;

    friend bool operator==(const entry&, const entry&) = default;
  };

  /// To be sent to a watcher; see `name_event`.
  struct notice {
    party watcher = 0;
    entry what;
    bool added = true;

    friend bool operator==(const notice&, const notice&) = default;
  };

  explicit registry_core(const registry_options& options = {});

  /// Takes `what.name` for `what.holder`; the answer carries the revision. The
  /// same holder again gets the first answer. Fails with `invalid_argument`,
  /// `already_exists`, `exhausted`; nothing is changed then.
  result<entry> add(entry what);

  /// Fails with `invalid_argument` or `not_found`, with the nearest spelling
  /// among at most 1,000 names of the same first segment.
  result<entry> find(std::string_view name) const;

  /// In alphabetical order. Fails with `invalid_argument` or `exhausted`.
  result<std::vector<entry>> list(std::string_view prefix) const;

  /// True when `holder` held the name, which is free now.
  bool remove(std::string_view name, party holder);

  /// Answers with the number of present names; a notice for each is waiting
  /// then. Fails with `invalid_argument` or `exhausted`.
  result<std::uint64_t> watch(const std::string& prefix, party watcher);

  /// The party is dead: its names go, its watches are forgotten.
  void ended(party who);

  /// True while the party holds a name or watches.
  bool knows(party who) const;

  /// What is to be sent since the last call, in order.
  std::vector<notice> take_notices() { return std::exchange(notices_, {}); }

  std::size_t size() const { return names_.size(); }

private:
  using names = std::map<std::string, entry, std::less<>>;

  struct interests {
    std::set<std::string> names;
    std::set<std::string> prefixes;
  };

  void tell_watchers(const entry& what, bool added);
  void erase(names::iterator position);
  void forget_if_idle(party who);
  std::vector<std::string> resembling(std::string_view name) const;

  registry_options options_;
  std::uint64_t revision_ = 0;
  names names_;
  std::unordered_map<party, interests> parties_;
  std::map<std::string, std::set<party>, std::less<>> watchers_;
  std::size_t watches_ = 0;
  /// How many prefixes of each length are watched: a change looks up only
  /// these, not every watcher.
  std::map<std::size_t, std::size_t> prefix_lengths_;
  std::vector<notice> notices_;
};

} // namespace weft::actors

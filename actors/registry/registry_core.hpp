#pragma once

#include "actors/registry/service_leases.hpp"
#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
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
  /// Pairs of watcher and what it watches; each node watches each name that it
  /// has looked up (`known_names`).
  std::size_t watchers_max = 1'000'000;
  /// Names in one answer to a listing, so that it stays a small message.
  std::size_t listed_max = 4'000;
  /// A page of services is not longer, and ends behind so many bytes.
  std::size_t page_max = 1'000;
  std::size_t page_bytes_max = std::size_t{512} << 10;
  health_rules health = {};
};

/// Succeeds for 1 to 200 bytes of names (`is_name`) joined by '/':
/// "hello/greeter-3". Fails with `invalid_argument`.
result<void> check_registry_name(std::string_view name);

/// Succeeds for what a valid name may start with, "" and "hello/gr" included.
/// Fails with `invalid_argument`.
result<void> check_registry_prefix(std::string_view prefix);

/// The tenant that a name, or all names with a prefix, belong to: "hpc-lab" of
/// "space/hpc-lab/heat/grid/0" and of the prefix "space/hpc-lab/"; names of
/// three segments and more that begin with "space" or "service" have one. None
/// for other names, and for a prefix that names of several tenants have.
std::optional<std::string_view> tenant_of_name(std::string_view name);

/// What is watched: all names with a prefix, or one name.
struct watched_names {
  std::string prefix;
  /// The prefix is a whole name, and no longer one is meant.
  bool exact = false;
};

/// Which name is held by whom, and who wants to hear of it. A plain class:
/// actors are numbers here ("parties"), what is to be sent is handed out, and
/// times count from any epoch.
class registry_core {
public:
  /// An actor that holds names or watches; chosen by the caller, which must
  /// tell of its end by `ended`.
  using party = std::uint64_t;
  using time = service_leases::time;

  /// Whether somebody may know of the names of a tenant. Names without one are
  /// everybody's.
  using may_use = std::function<bool(std::string_view tenant)>;

  struct entry {
    std::string name;
    std::string type;
    std::string node;
    party holder = 0;
    std::uint64_t revision = 0;
    /// Of a name below "service/" alone, and there always.
    std::shared_ptr<const service_info> service = nullptr;

    friend bool operator==(const entry&, const entry&) = default;
  };

  /// To be sent to a watcher; see `name_event`.
  struct notice {
    party watcher = 0;
    entry what;
    bool added = true;

    friend bool operator==(const notice&, const notice&) = default;
  };

  /// Some of the services that were asked for, in alphabetical order.
  struct page {
    std::vector<entry> found;
    /// The name that the next page comes after; empty: this was the last.
    std::string next;
  };

  explicit registry_core(const registry_options& options = {});

  /// Takes `what.name` for `what.holder`; the answer carries the revision. The
  /// same holder again gets the present answer. The lease of a service begins.
  /// Fails with `invalid_argument`, `already_exists`, `exhausted`; nothing is
  /// changed then.
  result<entry> add(entry what, time now = {});

  /// A heartbeat of a service. Fails with `not_found` unless `holder` has it.
  result<entry> renew(std::string_view name, party holder,
                      const service_report& report, time now);

  /// Changes what the silence of services changes, and answers with the
  /// holders of those whose lease is over, which are gone.
  std::vector<party> advance(time now);

  /// When `advance` is to be called next, if at all.
  std::optional<time> next_due() const { return leases_.next_due(); }

  /// At most `limit` services whose names start with `prefix` and come after
  /// `after`; those that the filter keeps out do not count. Fails with
  /// `invalid_argument`. Cost: the names from there to the end of the page.
  result<page> discover(const std::string& prefix, const service_filter& wanted,
                        const std::string& after, std::size_t limit) const;

  /// Fails with `invalid_argument` or `not_found`, with the nearest spelling
  /// among at most 1,000 names of the same first segment and tenant.
  result<entry> find(std::string_view name) const;

  /// Those that `allowed` lets through, in alphabetical order. Fails with
  /// `invalid_argument` or `exhausted`.
  result<std::vector<entry>> list(std::string_view prefix,
                                  const may_use& allowed = {}) const;

  /// True when `holder` held the name, which is free now.
  bool remove(std::string_view name, party holder);

  /// Answers with the number of present names; a notice for each is waiting
  /// then. Now and later the watcher is told of those alone that `allowed`
  /// lets through, which is asked for each change and replaces what was given
  /// for the watcher before. Fails with `invalid_argument` or `exhausted`.
  result<std::uint64_t> watch(const watched_names& what, party watcher,
                              may_use allowed = {});

  /// Ends a watch; true when there was one.
  bool unwatch(const watched_names& what, party watcher);

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
    /// As keys of `watchers_`.
    std::set<std::string> watches;
    /// What it may be told of.
    may_use allowed;
  };

  void tell_watchers(const entry& what, bool added);
  void drop_watch(const std::string& key, party watcher);
  void judge(entry& what, service_health health);
  void erase(names::iterator position);
  void forget_if_idle(party who);
  std::vector<std::string> resembling(std::string_view name) const;

  registry_options options_;
  std::uint64_t revision_ = 0;
  names names_;
  service_leases leases_;
  std::unordered_map<party, interests> parties_;
  /// By prefix, or by name and a zero byte, which no name has.
  std::map<std::string, std::set<party>, std::less<>> watchers_;
  std::size_t watches_ = 0;
  /// How many prefixes of each length are watched: a change looks up only
  /// these, not every watcher.
  std::map<std::size_t, std::size_t> prefix_lengths_;
  std::vector<notice> notices_;
};

} // namespace weft::actors

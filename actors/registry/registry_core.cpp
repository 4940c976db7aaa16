#include "actors/registry/registry_core.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace weft::actors {

namespace {

constexpr std::size_t name_bytes_max = 200;
constexpr std::size_t candidates_max = 1'000;
/// Bounds the work of a miss: cells of all edit distance tables together.
constexpr std::size_t spelling_cells_max = 1'000'000;

tl::unexpected<failure> bad(std::string_view what, std::string_view name) {
  return fail(errc::invalid_argument,
              fmt::format("expected a {} of at most {} bytes, names of "
                          "[A-Za-z0-9_.-] joined by '/' such as "
                          "hello/greeter-3, got \"{}\"",
                          what, name_bytes_max,
                          shortened(name, name_bytes_max)));
}

bool well_formed(std::string_view name, bool is_prefix) {
  if (name.size() > name_bytes_max)
    return false;
  const auto segments = split(name, '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool open_end = is_prefix && i + 1 == segments.size();
    if (!is_name(segments[i]) && !(open_end && segments[i].empty()))
      return false;
  }
  return true;
}

/// Whether a name says what is held under it: a service, or an actor alone.
result<void> check_service_name(const registry_core::entry& what) {
  const bool is_service = !parse_service_name(what.name).name.empty();
  if (is_service && !what.service)
    return fail(
        errc::invalid_argument,
        fmt::format("{} is the name of a service: say what it is", what.name));
  if (!what.service)
    return {};
  if (!is_service)
    return fail(errc::invalid_argument,
                fmt::format("expected a service's name, which is "
                            "service/TENANT/NAMESPACE/NAME, got {}",
                            what.name));
  return check_service(*what.service);
}

/// About what it takes in a message.
std::size_t bytes_of(const registry_core::entry& what) {
  std::size_t bytes = 100 + what.name.size() + what.service->address.size();
  for (const auto& each : what.service->capabilities)
    bytes += 8 + each.size();
  for (const auto& [label, value] : what.service->labels)
    bytes += 16 + label.size() + value.size();
  return bytes;
}

/// See `registry_core::watchers_`.
std::string key_of(const watched_names& what) {
  return what.exact ? what.prefix + '\0' : what.prefix;
}

bool is_exact(const std::string& key) {
  return key.ends_with('\0');
}

bool is_visible(std::string_view name, const registry_core::may_use& allowed) {
  const auto tenant = tenant_of_name(name);
  return !tenant || (allowed && allowed(*tenant));
}

} // namespace

std::optional<std::string_view> tenant_of_name(std::string_view name) {
  for (const std::string_view root : {"space/", "service/"}) {
    if (!name.starts_with(root))
      continue;
    const auto end = name.find('/', root.size());
    if (end != std::string_view::npos)
      return name.substr(root.size(), end - root.size());
  }
  return std::nullopt;
}

result<void> check_registry_name(std::string_view name) {
  if (!well_formed(name, false))
    return bad("name", name);
  return {};
}

result<void> check_registry_prefix(std::string_view prefix) {
  if (!well_formed(prefix, true))
    return bad("prefix of names", prefix);
  return {};
}

registry_core::registry_core(const registry_options& options)
    : options_{options}, leases_{options.health} {}

result<registry_core::entry> registry_core::add(entry what, time now) {
  if (auto checked = check_registry_name(what.name); !checked)
    return pass_on(checked);
  if (!what.type.empty() && !well_formed(what.type, false))
    return bad("type", what.type);
  if (!what.node.empty() && !is_name(what.node))
    return bad("node", what.node);
  if (auto checked = check_service_name(what); !checked)
    return pass_on(checked);
  const auto place = names_.lower_bound(what.name);
  if (place != names_.end() && place->first == what.name) {
    const auto& present = place->second;
    if (present.holder == what.holder)
      return present;
    return fail(errc::already_exists,
                fmt::format("the name {} is held by another actor on node {} "
                            "since revision {}",
                            present.name,
                            present.node.empty() ? "?" : present.node,
                            present.revision));
  }
  if (names_.size() >= options_.names_max)
    return fail(errc::exhausted,
                fmt::format("cannot register {}: the registry is full, its "
                            "limit is {} names",
                            what.name, options_.names_max));
  what.revision = ++revision_;
  if (what.service) {
    judge(what, service_health::starting);
    leases_.begin(what.name, what.service->lease(), now);
  }
  parties_[what.holder].names.insert(what.name);
  tell_watchers(what, true);
  return names_.emplace_hint(place, what.name, what)->second;
}

result<registry_core::entry> registry_core::renew(std::string_view name,
                                                  party holder,
                                                  const service_report& report,
                                                  time now) {
  if (report.says > service_health::stopping)
    return fail(errc::invalid_argument, "no health that this node knows");
  const auto found = names_.find(name);
  if (found == names_.end() || found->second.holder != holder
      || !found->second.service)
    return fail(errc::not_found,
                fmt::format("{} is not registered for this actor; its lease "
                            "may be over",
                            shortened(name, name_bytes_max)));
  const auto health = leases_.heard(name, report, now);
  auto& what = found->second;
  if (health && *health != what.service->health) {
    judge(what, *health);
    what.revision = ++revision_;
    tell_watchers(what, true);
  }
  return what;
}

std::vector<registry_core::party> registry_core::advance(time now) {
  std::vector<party> left;
  for (const auto& change : leases_.advance(now)) {
    const auto found = names_.find(change.name);
    auto& what = found->second;
    if (!change.health) {
      const auto holder = what.holder;
      left.push_back(holder);
      parties_[holder].names.erase(change.name);
      erase(found);
      forget_if_idle(holder);
      continue;
    }
    judge(what, *change.health);
    what.revision = ++revision_;
    tell_watchers(what, true);
  }
  return left;
}

result<registry_core::page>
registry_core::discover(const std::string& prefix, const service_filter& wanted,
                        const std::string& after, std::size_t limit) const {
  if (auto checked = check_registry_prefix(prefix); !checked)
    return pass_on(checked);
  if (limit == 0 || limit > options_.page_max)
    return fail(errc::invalid_argument,
                fmt::format("expected a page of 1 to {} services, got {}",
                            options_.page_max, limit));
  page answer;
  std::size_t bytes = 0;
  auto at =
      after < prefix ? names_.lower_bound(prefix) : names_.upper_bound(after);
  for (; at != names_.end() && at->first.starts_with(prefix); ++at) {
    const auto& what = at->second;
    if (!what.service || !matches(*what.service, wanted))
      continue;
    if (answer.found.size() == limit || bytes >= options_.page_bytes_max) {
      answer.next = answer.found.back().name;
      break;
    }
    bytes += bytes_of(what);
    answer.found.push_back(what);
  }
  return answer;
}

result<registry_core::entry> registry_core::find(std::string_view name) const {
  if (auto checked = check_registry_name(name); !checked)
    return pass_on(checked);
  if (const auto found = names_.find(name); found != names_.end())
    return found->second;
  auto message = fmt::format(
      "no {} is registered as {}",
      parse_service_name(name).name.empty() ? "actor" : "service", name);
  if (const auto nearest = nearest_spelling(name, resembling(name)))
    message += fmt::format("; did you mean {}?", *nearest);
  return fail(errc::not_found, std::move(message));
}

result<std::vector<registry_core::entry>>
registry_core::list(std::string_view prefix, const may_use& allowed) const {
  if (auto checked = check_registry_prefix(prefix); !checked)
    return pass_on(checked);
  std::vector<entry> found;
  for (auto at = names_.lower_bound(prefix);
       at != names_.end() && at->first.starts_with(prefix); ++at) {
    if (!is_visible(at->first, allowed))
      continue;
    if (found.size() == options_.listed_max)
      return fail(errc::exhausted,
                  fmt::format("more than {} names start with \"{}\": list a "
                              "longer prefix, or watch",
                              options_.listed_max, prefix));
    found.push_back(at->second);
  }
  return found;
}

bool registry_core::remove(std::string_view name, party holder) {
  const auto found = names_.find(name);
  if (found == names_.end() || found->second.holder != holder)
    return false;
  parties_[holder].names.erase(found->first);
  erase(found);
  forget_if_idle(holder);
  return true;
}

result<std::uint64_t> registry_core::watch(const watched_names& what,
                                           party watcher, may_use allowed) {
  auto checked = what.exact ? check_registry_name(what.prefix)
                            : check_registry_prefix(what.prefix);
  if (!checked)
    return pass_on(checked);
  const auto key = key_of(what);
  const auto known = parties_.find(watcher);
  const bool again =
      known != parties_.end() && known->second.watches.contains(key);
  if (!again) {
    if (watches_ >= options_.watchers_max)
      return fail(errc::exhausted,
                  fmt::format("cannot watch \"{}\": the registry's limit is "
                              "{} watches",
                              what.prefix, options_.watchers_max));
    parties_[watcher].watches.insert(key);
    auto& interested = watchers_[key];
    if (interested.empty() && !what.exact)
      ++prefix_lengths_[key.size()];
    interested.insert(watcher);
    ++watches_;
  }
  const auto& may_see = parties_[watcher].allowed = std::move(allowed);
  std::uint64_t present = 0;
  for (auto at = names_.lower_bound(what.prefix);
       at != names_.end() && at->first.starts_with(what.prefix)
       && (!what.exact || at->first == what.prefix);
       ++at) {
    if (!is_visible(at->first, may_see))
      continue;
    notices_.push_back({watcher, at->second, true});
    ++present;
  }
  return present;
}

bool registry_core::unwatch(const watched_names& what, party watcher) {
  const auto known = parties_.find(watcher);
  if (known == parties_.end() || known->second.watches.erase(key_of(what)) == 0)
    return false;
  drop_watch(key_of(what), watcher);
  forget_if_idle(watcher);
  return true;
}

void registry_core::drop_watch(const std::string& key, party watcher) {
  const auto watched = watchers_.find(key);
  watched->second.erase(watcher);
  --watches_;
  if (!watched->second.empty())
    return;
  watchers_.erase(watched);
  if (is_exact(key))
    return;
  if (--prefix_lengths_[key.size()] == 0)
    prefix_lengths_.erase(key.size());
}

void registry_core::ended(party who) {
  const auto found = parties_.find(who);
  if (found == parties_.end())
    return;
  const auto gone = std::move(found->second);
  parties_.erase(found);
  for (const auto& key : gone.watches)
    drop_watch(key, who);
  for (const auto& name : gone.names)
    erase(names_.find(name));
}

bool registry_core::knows(party who) const {
  return parties_.contains(who);
}

void registry_core::judge(entry& what, service_health health) {
  auto changed = *what.service;
  changed.health = health;
  what.service = std::make_shared<const service_info>(std::move(changed));
}

void registry_core::erase(names::iterator position) {
  auto what = std::move(position->second);
  names_.erase(position);
  leases_.end(what.name);
  what.revision = ++revision_;
  tell_watchers(what, false);
}

void registry_core::forget_if_idle(party who) {
  const auto found = parties_.find(who);
  if (found != parties_.end() && found->second.names.empty()
      && found->second.watches.empty())
    parties_.erase(found);
}

void registry_core::tell_watchers(const entry& what, bool added) {
  std::set<party> interested;
  const std::string_view name = what.name;
  for (const auto& [length, count] : prefix_lengths_) {
    if (length > name.size())
      break;
    const auto found = watchers_.find(name.substr(0, length));
    if (found != watchers_.end())
      interested.insert(found->second.begin(), found->second.end());
  }
  const auto of_name = watchers_.find(key_of({what.name, true}));
  if (of_name != watchers_.end())
    interested.insert(of_name->second.begin(), of_name->second.end());
  for (const auto watcher : interested)
    if (is_visible(name, parties_.at(watcher).allowed))
      notices_.push_back({watcher, what, added});
}

std::vector<std::string>
registry_core::resembling(std::string_view name) const {
  const auto segment = name.substr(0, name.find('/'));
  const auto tenant = tenant_of_name(name);
  const auto akin = [segment](std::string_view other) {
    return other.starts_with(segment)
           && (other.size() == segment.size() || other[segment.size()] == '/');
  };
  // The names around the place where it would stand, half on each side.
  std::vector<std::string> candidates;
  std::size_t cells = 0;
  const auto take = [&](const std::string& other) {
    if (tenant_of_name(other) != tenant)
      return;
    const auto longer = std::max(name.size(), other.size());
    const auto shorter = std::min(name.size(), other.size());
    if (longer - shorter > std::max<std::size_t>(1, longer / 3))
      return;
    cells += name.size() * other.size();
    candidates.push_back(other);
  };
  const auto middle = names_.lower_bound(name);
  std::size_t seen = 0;
  for (auto at = middle;
       at != names_.end() && akin(at->first) && seen < candidates_max / 2
       && cells < spelling_cells_max / 2;
       ++at, ++seen)
    take(at->first);
  for (auto at = middle; at != names_.begin() && akin(std::prev(at)->first)
                         && seen < candidates_max && cells < spelling_cells_max;
       --at, ++seen)
    take(std::prev(at)->first);
  return candidates;
}

} // namespace weft::actors

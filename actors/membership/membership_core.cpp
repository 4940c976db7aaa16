#include "actors/membership/membership_core.hpp"

#include "actors/membership/config_difference.hpp"
#include "runtime/base/assert.hpp"
#include "runtime/base/mix.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::actors {

namespace {

using std::chrono::nanoseconds;
namespace effect = membership_effect;

constexpr std::size_t text_bytes_max = 500;

/// A name that another process claims, fit to be shown.
std::string claimed_name(std::string_view name) {
  return is_name(name) ? std::string{name} : "(no valid name)";
}

/// Observations of a node that is not there, as opposed to its coming and
/// going.
bool is_trouble(std::string_view kind) {
  return kind == "dial" || kind == "hello" || kind == "refused";
}

/// A dial that ended with such a failure has reached somebody who does not
/// want us, or whom we do not want.
bool is_refusal(errc code) {
  return code == errc::permission_denied || code == errc::invalid_argument;
}

} // namespace

membership_core::membership_core(membership_settings settings, moment now)
    : settings_{std::move(settings)}, random_{settings_.seed} {
  bool before = true;
  for (const auto& name : settings_.nodes) {
    auto& added = peers_.emplace_back();
    added.view.name = name;
    before = before && name != settings_.self;
    added.we_dial = before;
    added.due = now.steady;
  }
  WEFT_ASSERT(find(settings_.self));
  auto& own = self().view;
  own.state = member_state::up;
  own.incarnation = settings_.incarnation;
  own.session = 1;
  own.since = now.wall;
}

void membership_core::tick(moment now) {
  if (leaving_)
    return;
  for (auto& of : peers_) {
    if (!of.we_dial || of.due > now.steady)
      continue;
    switch (of.now) {
    case phase::idle:
      of.now = phase::dialing;
      of.attempt = ++last_attempt_;
      of.due = now.steady + settings_.dial_timeout;
      effects_.emplace_back(effect::dial{of.view.name, of.attempt});
      break;
    case phase::dialing:
      fail_attempt(of, "dial",
                   fmt::format("no connection within {}",
                               format_duration(settings_.dial_timeout)),
                   now);
      break;
    case phase::greeting:
      fail_greeting(of,
                    {errc::timed_out,
                     fmt::format("no answer to hello within {}",
                                 format_duration(settings_.hello_timeout))},
                    now);
      break;
    case phase::settled:
      of.now = phase::greeting;
      of.attempt = ++last_attempt_;
      of.due = now.steady + settings_.hello_timeout;
      effects_.emplace_back(effect::greet{of.view.name, of.attempt, true});
      break;
    }
  }
}

std::optional<nanoseconds> membership_core::next_wake() const {
  std::optional<nanoseconds> earliest;
  if (leaving_)
    return earliest;
  for (const auto& of : peers_)
    if (of.we_dial && (!earliest || of.due < *earliest))
      earliest = of.due;
  return earliest;
}

void membership_core::dialed(const std::string& name, std::uint64_t attempt,
                             result<void> outcome, moment now) {
  auto* of = find(name);
  if (leaving_ || !of || of->now != phase::dialing || of->attempt != attempt)
    return;
  if (!outcome) {
    const auto& why = outcome.error();
    fail_attempt(*of, is_refusal(why.code) ? "refused" : "dial", why.message,
                 now);
    return;
  }
  of->now = phase::greeting;
  of->due = now.steady + settings_.hello_timeout;
  effects_.emplace_back(effect::greet{name, attempt, false});
}

void membership_core::greeted(const std::string& name, std::uint64_t attempt,
                              result<introduction> outcome, moment now) {
  auto* of = find(name);
  if (leaving_ || !of || of->now != phase::greeting || of->attempt != attempt)
    return;
  if (!outcome) {
    fail_greeting(*of, outcome.error(), now);
    return;
  }
  auto accepted = check(*outcome, result<std::string>{name});
  if (accepted)
    accepted = admit(*of, outcome->incarnation, now);
  if (!accepted) {
    const auto text =
        "its welcome is not accepted: " + accepted.error().message;
    if (is_present(*of))
      go_down(*of, text, now);
    fail_attempt(*of, "refused", text, now);
    return;
  }
  of->now = phase::settled;
  of->due = now.steady + settings_.hello_interval;
}

result<void>
membership_core::heard(const introduction& from,
                       const std::optional<result<std::string>>& verified,
                       moment now) {
  auto* of = find(from.node);
  auto accepted = check(from, verified);
  if (accepted && from.known_incarnation > settings_.incarnation) {
    accepted = fail(errc::permission_denied,
                    fmt::format("it knows incarnation {} of node {}, this is "
                                "the older {}",
                                from.known_incarnation, settings_.self,
                                settings_.incarnation));
    fence(accepted.error().message);
  }
  if (accepted && leaving_)
    accepted = fail(errc::unavailable,
                    fmt::format("node {} leaves the cluster", settings_.self));
  if (accepted)
    accepted = admit(*of, from.incarnation, now);
  if (!accepted)
    observe(of && of != &self() ? *of : self(), "refused",
            fmt::format("a hello of {}, incarnation {}: {}",
                        claimed_name(from.node), from.incarnation,
                        accepted.error().message),
            now);
  return accepted;
}

void membership_core::lost(const std::string& name, std::uint64_t session,
                           const std::string& reason, moment now) {
  auto* of = find(name);
  if (!of || !is_present(*of) || of->view.session != session || of == &self())
    return;
  go_down(*of, reason, now);
  wait_to_dial(*of, now);
}

bool membership_core::said_goodbye(const std::string& name,
                                   std::uint64_t incarnation,
                                   const std::string& reason, moment now) {
  auto* of = find(name);
  if (!of || !is_present(*of) || of->view.incarnation != incarnation
      || of == &self())
    return false;
  of->view.state = member_state::left;
  of->view.reason = std::string{utf8_prefix(reason, text_bytes_max)};
  of->view.since = now.wall;
  of->left_incarnation = incarnation;
  observe(*of, "left", reason, now);
  effects_.emplace_back(effect::dismiss{name});
  announce(*of, member_state::left, now);
  // It has gone on purpose and is not expected back at once.
  of->now = phase::idle;
  of->up_since = nanoseconds{0};
  of->due = now.steady + jittered(settings_.dial_max);
  return true;
}

void membership_core::leave(const std::string& reason, moment now) {
  if (std::exchange(leaving_, true))
    return;
  auto& own = self();
  own.view.state = member_state::left;
  own.view.reason = reason;
  own.view.since = now.wall;
  observe(own, "left", reason, now);
  announce(own, member_state::left, now);
}

std::uint64_t
membership_core::known_incarnation(const std::string& name) const {
  const auto* of = find(name);
  return of ? of->view.incarnation : 0;
}

std::vector<membership_core::peer_view> membership_core::peers() const {
  std::vector<peer_view> all;
  for (const auto& of : peers_) {
    all.push_back(of.view);
    all.back().reason = reason_of(of);
  }
  return all;
}

result<std::vector<observation>>
membership_core::explain(std::string_view name) const {
  if (const auto* of = find(name))
    return std::vector<observation>{of->observed.begin(), of->observed.end()};
  auto message = fmt::format("cluster {} has no node {}", settings_.cluster,
                             claimed_name(name));
  if (const auto nearest =
          nearest_spelling(name.substr(0, 64), settings_.nodes))
    message += fmt::format("; did you mean {}?", *nearest);
  return fail(errc::not_found, std::move(message));
}

std::vector<membership_event> membership_core::present() const {
  std::vector<membership_event> all;
  for (const auto& of : peers_)
    if (is_present(of))
      all.push_back({of.view.name, member_state::up, of.view.reason,
                     of.view.incarnation, of.view.session, of.view.since});
  return all;
}

bool membership_core::is_present(const peer& of) {
  return of.view.state == member_state::up
         || of.view.state == member_state::suspect;
}

const membership_core::peer*
membership_core::find(std::string_view name) const {
  const auto found =
      std::find_if(peers_.begin(), peers_.end(),
                   [&](const peer& of) { return of.view.name == name; });
  return found == peers_.end() ? nullptr : &*found;
}

membership_core::peer* membership_core::find(std::string_view name) {
  return const_cast<peer*>(std::as_const(*this).find(name));
}

void membership_core::observe(peer& of, std::string kind, std::string_view text,
                              moment now) {
  const std::string short_text{utf8_prefix(text, text_bytes_max)};
  report(of, kind, short_text, now);
  auto& all = of.observed;
  if (!all.empty() && all.back().kind == kind
      && all.back().text == short_text) {
    ++all.back().times;
    all.back().last_at = now.wall;
    return;
  }
  all.push_back({std::move(kind), short_text, now.wall, now.wall, 1});
  if (all.size() > settings_.observations_max)
    all.pop_front();
}

void membership_core::report(peer& of, const std::string& kind,
                             const std::string& text, moment now) {
  auto& away = of.away;
  if (!is_trouble(kind)) {
    away = {};
    if (&of != &self())
      reports_.push_back({of.view.name, kind, text});
    return;
  }
  if (!away.since)
    away.since = now.steady;
  // Nodes that start together do not find each other at once.
  if (kind != "refused" && now.steady - *away.since < settings_.report_after)
    return;
  const auto pause = text == away.reported ? settings_.report_interval
                                           : settings_.report_after;
  if (away.reported_at && now.steady - *away.reported_at < pause)
    return;
  away.reported_at = now.steady;
  away.reported = text;
  reports_.push_back({of.view.name, kind, text});
}

std::string membership_core::reason_of(const peer& of) const {
  const auto& reason = of.view.reason;
  if (is_present(of))
    return reason;
  if (!of.observed.empty() && is_trouble(of.observed.back().kind)) {
    const auto& last = of.observed.back().text;
    return reason.empty() ? last
                          : fmt::format("{}; since then: {}", reason, last);
  }
  if (reason.empty() && of.view.state == member_state::absent)
    return of.we_dial ? "it has not been reached yet"
                      : "it has not connected yet";
  return reason;
}

void membership_core::announce(const peer& of, member_state state, moment now) {
  const auto& view = of.view;
  effects_.emplace_back(
      effect::announce{{view.name, state, view.reason, view.incarnation,
                        view.session, now.wall}});
}

void membership_core::wait_to_dial(peer& of, moment now) {
  // A node that accepts and drops at once is not dialed without a pause.
  if (of.up_since.count() > 0 && now.steady - of.up_since >= settings_.dial_max
      && of.view.state == member_state::down)
    of.failures = 0;
  of.up_since = nanoseconds{0};
  auto delay = settings_.dial_first;
  for (std::uint32_t i = 0; i < of.failures && delay < settings_.dial_max; ++i)
    delay *= 2;
  ++of.failures;
  of.now = phase::idle;
  of.due = now.steady + jittered(std::min(delay, settings_.dial_max));
}

void membership_core::fail_attempt(peer& of, const std::string& kind,
                                   const std::string& why, moment now) {
  observe(of, kind, why, now);
  wait_to_dial(of, now);
}

void membership_core::fail_greeting(peer& of, const failure& why, moment now) {
  const bool transient =
      why.code == errc::timed_out || why.code == errc::unavailable;
  if (is_present(of) && transient) {
    // Its connection stands; the end of that is reported by itself.
    observe(of, "hello", why.message, now);
    of.now = phase::settled;
    of.due = now.steady + settings_.hello_interval;
    return;
  }
  const auto text = transient ? why.message : "it refuses us: " + why.message;
  if (is_present(of))
    go_down(of, text, now);
  if (why.code == errc::already_exists)
    fence(why.message);
  fail_attempt(of, transient ? "hello" : "refused", text, now);
}

void membership_core::fence(const std::string& reason) {
  if (!std::exchange(fenced_, true))
    effects_.emplace_back(effect::fenced{reason});
}

void membership_core::go_down(peer& of, const std::string& reason, moment now) {
  of.view.state = member_state::down;
  of.view.reason = std::string{utf8_prefix(reason, text_bytes_max)};
  of.view.since = now.wall;
  observe(of, "down", reason, now);
  effects_.emplace_back(effect::dismiss{of.view.name});
  announce(of, member_state::down, now);
}

result<void> membership_core::check(
    const introduction& from,
    const std::optional<result<std::string>>& verified) const {
  if (from.cluster != settings_.cluster)
    return fail(errc::invalid_argument,
                fmt::format("expected cluster {}, got {}: an address of one "
                            "cluster stands in the file of the other",
                            settings_.cluster, claimed_name(from.cluster)));
  if (verified && !*verified)
    return tl::unexpected(verified->error());
  if (verified && verified->value() != from.node)
    return fail(errc::permission_denied,
                fmt::format("it calls itself {} and is verified as {}",
                            claimed_name(from.node),
                            claimed_name(verified->value())));
  if (from.node == settings_.self)
    return fail(errc::permission_denied,
                fmt::format("two processes run as node {}, or it reached "
                            "itself: check the addresses in the cluster file",
                            settings_.self));
  if (auto known = explain(from.node); !known)
    return pass_on(known);
  if (from.config_hash != settings_.config_hash) {
    const auto path = differing_path(settings_.config, from.config);
    return fail(errc::invalid_argument,
                fmt::format("the configurations of {} and {} differ{}: start "
                            "both with the same file",
                            settings_.self, from.node,
                            path ? " at " + *path : std::string{}));
  }
  return {};
}

result<void> membership_core::admit(peer& of, std::uint64_t incarnation,
                                    moment now) {
  auto& view = of.view;
  if (incarnation < view.incarnation)
    return fail(errc::already_exists,
                fmt::format("incarnation {} of node {} is known, this is the "
                            "older {}",
                            view.incarnation, view.name, incarnation));
  if (view.state == member_state::left && incarnation <= of.left_incarnation)
    return fail(errc::unavailable,
                fmt::format("incarnation {} of node {} has left the cluster",
                            incarnation, view.name));
  if (is_present(of) && incarnation == view.incarnation)
    return {};
  if (is_present(of))
    go_down(of, fmt::format("replaced by its incarnation {}", incarnation),
            now);
  const bool first = view.incarnation == 0;
  const bool restarted = !first && incarnation > view.incarnation;
  if (restarted)
    ++view.restarts;
  view.state = member_state::up;
  view.incarnation = incarnation;
  view.since = now.wall;
  ++view.session;
  of.up_since = now.steady;
  view.reason = first ? std::string{}
                : restarted
                    ? fmt::format("restarted as incarnation {}", incarnation)
                    : "connected again";
  observe(of, "up", fmt::format("accepted as incarnation {}", incarnation),
          now);
  effects_.emplace_back(effect::attend{view.name, view.session});
  announce(of, first ? member_state::up : member_state::back, now);
  return {};
}

nanoseconds membership_core::jittered(nanoseconds delay) {
  const auto part = next_random(random_) % 1024;
  return delay - delay * static_cast<std::int64_t>(part) / 4096;
}

} // namespace weft::actors

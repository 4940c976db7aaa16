#pragma once

#include "apps/byzantine/core/relay.hpp"
#include "runtime/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>

namespace weft::byzantine {

/// How the generals agree.
enum class algorithm : std::uint8_t {
  /// OM(m): messages can be altered by whoever passes them on.
  oral,
  /// SM(m): messages are signed.
  written,
};

/// What traitors do.
enum class strategy : std::uint8_t {
  /// Say attack, retreat or nothing at random.
  random,
  /// Say attack to generals of even number and retreat to the others.
  split,
  /// Say nothing.
  silent,
  /// Follow a common plan: under a traitorous commander they support in front
  /// of each general what he was told, else all deny the order. With signed
  /// messages they pass a second order from one to the next and show it to a
  /// single loyal general in the last round.
  collude,
  /// Are loyal up to the last round and then say the opposite.
  last_round,
  /// Send what others would have signed, with an invented signature and with
  /// one taken from another message. Needs signed messages.
  forge,
};

std::string_view to_string(strategy what);
result<strategy> parse_strategy(std::string_view text);

/// Who takes part in a run, and how.
struct plan {
  /// 2 to `generals_max`.
  std::uint32_t generals = 4;
  /// m, the number of traitors that the algorithm is to withstand; it takes
  /// m + 1 rounds. At most generals - 2, as paths hold nobody twice.
  std::uint32_t traitors_max = 1;
  byzantine::algorithm algorithm = algorithm::oral;
  std::set<general_id> traitors;
  byzantine::strategy strategy = strategy::random;
  order commanded = order::attack;
  std::uint64_t instance = 0;
  /// Of the traitors' random choices.
  std::uint64_t seed = 1;

  std::uint32_t rounds() const { return traitors_max + 1; }
  bool is_traitor(general_id who) const { return traitors.contains(who); }

  friend bool operator==(const plan&, const plan&) = default;
};

inline constexpr std::uint32_t generals_max = 256;

/// A run of more oral messages than this is refused.
inline constexpr std::uint64_t messages_max = 5'000'000;

/// The messages of OM(m) among n generals who all speak:
/// (n-1) + (n-1)(n-2) + ... up to m + 1 factors; capped above `messages_max`.
std::uint64_t oral_messages(std::uint32_t generals, std::uint32_t traitors_max);

/// Whether a plan can be carried out. Fails with `errc::invalid_argument` for
/// numbers out of range and for forging without signatures, with
/// `errc::exhausted` for too many messages. That generals are too few is left
/// to `check_enough`.
result<void> check(const plan& what);

/// Fails with `errc::invalid_argument` if oral messages cannot bring so many
/// generals to agree: n <= 3m.
/// *Source*: Lamport, Shostak and Pease (1982), section 2.
result<void> check_enough(const plan& what);

} // namespace weft::byzantine

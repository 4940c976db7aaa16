#pragma once

#include "apps/byzantine/core/oral_votes.hpp"
#include "apps/byzantine/core/plan.hpp"
#include "apps/byzantine/core/relay.hpp"
#include "apps/byzantine/core/treason.hpp"

#include <cstddef>
#include <memory>
#include <set>
#include <vector>

namespace weft::byzantine {

/// One general, loyal or not, in a run of OM(m) or SM(m).
///
/// Rounds have deadlines, and whoever drives the general keeps them: `start`,
/// then for each round `receive` what comes and `end_round` when its time is
/// up. What is to be sent comes out of `start` and `end_round`, each message
/// for one recipient. After the last round `decision` stands.
///
/// Lamport's algorithms take it for granted that nobody can speak in another's
/// name: the driver passes the sender as the space knows it. Not thread-safe.
///
/// *Source*: Lamport, Shostak and Pease, "The Byzantine Generals Problem"
/// (1982), sections 3 and 4.
class general_core {
public:
  /// What became of a message.
  enum class verdict {
    accepted,
    /// Heard before, or nothing new to this general.
    repeated,
    /// Its round is over; it counts as missing.
    late,
    /// Of another instance, for somebody else, by an impossible path, or from
    /// somebody who is not its last station.
    malformed,
    /// A signature is not that of the general who seems to have signed.
    forged,
  };

  /// `what` is checked and outlives the general. `keys` are needed for signed
  /// messages, `betrayal` makes a traitor.
  general_core(const plan& what, general_id self, const key_ring* keys,
               std::unique_ptr<treason> betrayal);

  /// The first round begins: what the commander sends.
  std::vector<relay> start();

  /// `sender` is who sent it beyond doubt. A message of a round to come is
  /// kept for it: others' clocks may be ahead.
  verdict receive(general_id sender, const relay& message);

  /// The present round's time is up. What is to be sent in the next one,
  /// nothing after the last.
  std::vector<relay> end_round();

  /// The round under way, from 1; one more than the last when all are over.
  std::uint32_t round() const { return round_; }
  bool finished() const { return round_ > plan_.rounds(); }

  /// What this general decides: the commander his own order. A traitor's is
  /// what a loyal general in its place would decide. After the last round.
  order decision() const;

  /// Messages with a signature that did not hold.
  std::size_t rejected_signatures() const { return rejected_; }

private:
  bool well_formed(const relay& message) const;
  bool signatures_hold(const relay& message) const;
  verdict take(const relay& message);
  std::vector<relay> corrupted(std::vector<relay> honest);
  std::vector<relay> oral_relays() const;
  std::vector<relay> written_relays() const;
  void pass_on(std::vector<relay>& sent, const std::vector<general_id>& path,
               order value, const std::vector<signature>& signatures) const;

  const plan& plan_;
  general_id self_;
  const key_ring* keys_;
  std::unique_ptr<treason> betrayal_;
  std::uint32_t round_ = 1;
  oral_votes votes_;
  /// SM(m): the orders seen, and how each was heard.
  std::set<order> orders_;
  std::vector<relay> heard_;
  std::size_t rejected_ = 0;
};

} // namespace weft::byzantine

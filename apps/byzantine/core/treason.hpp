#pragma once

#include "apps/byzantine/core/plan.hpp"
#include "apps/byzantine/core/relay.hpp"

#include <memory>
#include <span>
#include <vector>

namespace weft::byzantine {

/// What makes a traitor of a general: it changes what a loyal one would send.
class treason {
public:
  virtual ~treason() = default;

  /// Turns what a loyal general in the traitor's place would send in `round`
  /// into what the traitor sends. With signed messages `heard` is what it has
  /// accepted so far and `keys` are its own; a value that it changes is signed
  /// anew by itself, which is all that it can do.
  virtual std::vector<relay> corrupt(std::uint32_t round,
                                     std::vector<relay> honest,
                                     std::span<const relay> heard,
                                     const key_ring* keys) = 0;
};

/// The plan's strategy for one of its traitors. The plan outlives it.
std::unique_ptr<treason> make_treason(const plan& what, general_id traitor);

/// What to say in place of one honest message.
enum class lie : std::uint8_t { retreat, attack, nothing };

/// A traitor with a script: the lies in the order in which a loyal general in
/// its place would send messages. Beyond its end it is loyal.
std::unique_ptr<treason> make_scripted_treason(std::vector<lie> script);

} // namespace weft::byzantine

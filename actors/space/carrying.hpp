#pragma once

#include "actors/space/in_actor.hpp"
#include "runtime/base/result.hpp"
#include "spaces/carrier.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace weft::actors {

/// Tuples that are to go from one space to another.
struct carry_order {
  spaces::carry_form form = spaces::carry_form::move;
  spaces::pattern what;
  std::shared_ptr<const space_doors> from;
  std::shared_ptr<const space_doors> to;
};

/// Fails with `invalid_argument` for a space and itself.
result<spaces::carrier> begin_carrying(spaces::carry_form form,
                                       spaces::pattern what,
                                       const space_doors& from,
                                       const space_doors& to);

/// Carries them for an actor and runs `done` in it, once, unless it ends
/// before. To be called in the actor.
void carry_for(caf::scheduled_actor* self, const carry_order& what,
               std::function<void(result<std::uint64_t>)> done);

} // namespace weft::actors

namespace weft {

/// How many tuples will have gone to another space, for an actor. Nothing
/// happens before it is asked for, by `then`, `co_await` or `forget`, once.
class [[nodiscard]] pending_carry {
public:
  pending_carry(actors::carry_order what, caf::scheduled_actor* self)
      : what_{std::move(what)}, self_{self} {}

  /// Calls `done(result<std::uint64_t>)` in the actor, once, unless the actor
  /// ends before.
  template <class Done>
  void then(Done done) && {
    actors::carry_for(self_, what_, std::move(done));
  }

  /// A failure goes unnoticed.
  void forget() && {
    actors::carry_for(self_, what_, [](const auto&) {});
  }

  auto operator co_await() && {
    return actors::answer_awaiter<pending_carry, result<std::uint64_t>>{
        std::move(*this), {}};
  }

private:
  actors::carry_order what_;
  caf::scheduled_actor* self_;
};

} // namespace weft

#pragma once

#include "actors/space/in_actor.hpp"
#include "actors/space/meaning.hpp"
#include "actors/space/space_doors.hpp"

#include <memory>
#include <utility>

namespace weft {

/// The answer that a space will give to an actor. Nothing is sent before it is
/// asked for, by `then`, `co_await` or `forget`, once.
template <class R>
class [[nodiscard]] pending {
public:
  pending(std::shared_ptr<const actors::space_doors> to,
          caf::scheduled_actor* self, actors::space_request what)
      : to_{std::move(to)}, self_{self}, what_{std::move(what)} {}

  /// Calls `done(result<R>)` in the actor, once, unless the actor ends before.
  template <class Done>
  void then(Done done) && {
    const auto number = std::make_shared<spaces::call_number>(0);
    auto deliver = [done = std::move(done),
                    number](spaces::space_answer got) mutable {
      done(actors::meaning<R>(std::move(got), *number));
    };
    *number =
        actors::submit_for(*to_, self_, std::move(what_), std::move(deliver));
  }

  /// Sends it and does not wait for the answer; a failure goes unnoticed.
  void forget() && {
    actors::submit(*to_, {self_->id(), {}}, one(std::move(what_)),
                   [](const auto&) {});
  }

  /// In a coroutine of the actor (see `weft::task`), which goes on in the
  /// actor.
  auto operator co_await() && {
    return actors::answer_awaiter<pending, R>{std::move(*this), {}};
  }

private:
  static std::vector<actors::space_request> one(actors::space_request what) {
    std::vector<actors::space_request> only;
    only.push_back(std::move(what));
    return only;
  }

  std::shared_ptr<const actors::space_doors> to_;
  caf::scheduled_actor* self_;
  actors::space_request what_;
};

} // namespace weft

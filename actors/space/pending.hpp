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
                    number](std::vector<spaces::space_answer> got) mutable {
      done(actors::meaning<R>(std::move(got.front()), *number));
    };
    *number = actors::submit_for(*to_, self_, one(std::move(what_)),
                                 std::move(deliver));
  }

  /// Sends it and does not wait for the answer; a failure goes unnoticed.
  void forget() && {
    actors::submit(*to_, {self_->id(), {}}, one(std::move(what_)),
                   [](const auto&) {});
  }

  /// In a coroutine of the actor (see `weft::task`), which goes on in the
  /// actor.
  auto operator co_await() && {
    return actors::answer_awaiter<pending, result<R>>{std::move(*this), {}};
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

/// The answers that a space will give to an actor for many calls at once, in
/// their order. Nothing is sent before they are asked for, by `then` or
/// `co_await`, once.
class [[nodiscard]] pending_answers {
public:
  pending_answers(std::shared_ptr<const actors::space_doors> to,
                  caf::scheduled_actor* self,
                  std::vector<actors::space_request> calls)
      : to_{std::move(to)}, self_{self}, calls_{std::move(calls)} {}

  /// Calls `done(std::vector<spaces::space_answer>)` in the actor, once, unless
  /// the actor ends before.
  template <class Done>
  void then(Done done) && {
    if (calls_.empty())
      return done(std::vector<spaces::space_answer>{});
    actors::submit_for(*to_, self_, std::move(calls_), std::move(done));
  }

  auto operator co_await() && {
    return actors::answer_awaiter<pending_answers,
                                  std::vector<spaces::space_answer>>{
        std::move(*this), {}};
  }

private:
  std::shared_ptr<const actors::space_doors> to_;
  caf::scheduled_actor* self_;
  std::vector<actors::space_request> calls_;
};

} // namespace weft

#pragma once

#include <caf/all.hpp>

#include <utility>

namespace weft {

/// Where an answer goes that no actor gives.
struct answer_place {
  caf::strong_actor_ptr actor;
  caf::message_id id;
};

/// Has `self` wait for an answer as after a request, with nothing sent and no
/// time-out: `handlers` are one for the answer and one for a `caf::error`. To
/// be called in the actor, which lives on until then.
inline answer_place await_answer(caf::scheduled_actor* self,
                                 caf::behavior handlers) {
  const auto asked = self->new_request_id(caf::message_priority::normal);
  const auto id = asked.response_id();
  self->add_multiplexed_response_handler(id, std::move(handlers));
  return {caf::actor_cast<caf::strong_actor_ptr>(self), id};
}

/// Gives an answer that `await_answer` waits for, once. Safe from any thread.
template <class Answer>
void give_answer(const answer_place& to, Answer answer) {
  to.actor->enqueue(
      caf::make_mailbox_element(nullptr, to.id, {}, std::move(answer)),
      nullptr);
}

} // namespace weft

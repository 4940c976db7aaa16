#include "actors/space/in_actor.hpp"

#include "runtime/caf/error.hpp"

namespace weft::actors {

spaces::call_number submit_for(const space_doors& to,
                               caf::scheduled_actor* self,
                               std::vector<space_request> calls,
                               answers_handler done) {
  const auto request = self->new_request_id(caf::message_priority::normal);
  const auto response = request.response_id();
  const auto then = std::make_shared<answers_handler>(std::move(done));
  self->add_multiplexed_response_handler(
      response,
      caf::behavior{
          [then](const answered& got) { (*then)(std::move(*got.answers)); },
          [then, count = calls.size()](const caf::error& why) {
            (*then)({count, spaces::space_answer{from_caf(why), {}, {}}});
          }});
  auto back = [here = caf::actor_cast<caf::strong_actor_ptr>(self),
               response](std::vector<spaces::space_answer> answers) {
    here->enqueue(
        caf::make_mailbox_element(
            nullptr, response, {},
            answered{std::make_shared<std::vector<spaces::space_answer>>(
                std::move(answers))}),
        nullptr);
  };
  return submit(to, {self->id(), self->address()}, std::move(calls),
                std::move(back));
}

} // namespace weft::actors

#include "actors/space/in_actor.hpp"

#include "runtime/caf/error.hpp"

namespace weft::actors {

spaces::call_number submit_for(const space_doors& to,
                               caf::scheduled_actor* self, space_request what,
                               answer_handler done) {
  const auto request = self->new_request_id(caf::message_priority::normal);
  const auto response = request.response_id();
  const auto then = std::make_shared<answer_handler>(std::move(done));
  self->add_multiplexed_response_handler(
      response, caf::behavior{[then](const answered& got) {
                                (*then)(std::move(*got.answer));
                              },
                              [then](const caf::error& why) {
                                (*then)({from_caf(why), {}, {}});
                              }});
  auto back = [here = caf::actor_cast<caf::strong_actor_ptr>(self),
               response](std::vector<spaces::space_answer> answers) {
    here->enqueue(caf::make_mailbox_element(
                      nullptr, response, {},
                      answered{std::make_shared<spaces::space_answer>(
                          std::move(answers.front()))}),
                  nullptr);
  };
  std::vector<space_request> one;
  one.push_back(std::move(what));
  return submit(to, {self->id(), self->address()}, std::move(one),
                std::move(back));
}

} // namespace weft::actors

#include "actors/space/in_actor.hpp"

#include "runtime/caf/error.hpp"
#include "runtime/caf/given_answer.hpp"

namespace weft::actors {

spaces::call_number submit_for(const space_doors& to,
                               caf::scheduled_actor* self,
                               std::vector<space_request> calls,
                               answers_handler done) {
  const auto then = std::make_shared<answers_handler>(std::move(done));
  const auto place = await_answer(
      self, {[then](const answered& got) { (*then)(std::move(*got.answers)); },
             [then, count = calls.size()](const caf::error& why) {
               (*then)({count, spaces::space_answer{from_caf(why), {}, {}}});
             }});
  auto back = [place](std::vector<spaces::space_answer> answers) {
    give_answer(place,
                answered{std::make_shared<std::vector<spaces::space_answer>>(
                    std::move(answers))});
  };
  return submit(to, {self->id(), self->address()}, std::move(calls),
                std::move(back));
}

} // namespace weft::actors

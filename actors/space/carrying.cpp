#include "actors/space/carrying.hpp"

#include <fmt/format.h>

namespace weft::actors {

namespace {

/// Tuples that are under way for an actor.
struct carriage {
  caf::scheduled_actor* self = nullptr;
  std::shared_ptr<const space_doors> from;
  std::shared_ptr<const space_doors> to;
  spaces::carrier way;
  std::function<void(result<std::uint64_t>)> done;
};

void go_on(const std::shared_ptr<carriage>& with) {
  auto step = with->way.next_step();
  if (!step)
    return with->done(with->way.outcome());
  const auto& doors = step->at_target ? *with->to : *with->from;
  std::vector<space_request> one;
  one.push_back({std::move(step->what), step->shard});
  submit_for(doors, with->self, std::move(one),
             [with](std::vector<spaces::space_answer> got) {
               with->way.on_answer(std::move(got.front().what));
               go_on(with);
             });
}

} // namespace

result<spaces::carrier> begin_carrying(spaces::carry_form form,
                                       spaces::pattern what,
                                       const space_doors& from,
                                       const space_doors& to) {
  if (&from == &to)
    return fail(errc::invalid_argument,
                fmt::format("the tuples of the space {} are there already; "
                            "give another space",
                            from.name));
  return spaces::carrier{form, std::move(what), from.where, to.where};
}

void carry_for(caf::scheduled_actor* self, const carry_order& what,
               std::function<void(result<std::uint64_t>)> done) {
  auto way = begin_carrying(what.form, what.what, *what.from, *what.to);
  if (!way)
    return done(pass_on(way));
  go_on(std::make_shared<carriage>(
      carriage{self, what.from, what.to, *std::move(way), std::move(done)}));
}

} // namespace weft::actors

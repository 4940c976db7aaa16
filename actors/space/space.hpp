#pragma once

#include "actors/space/pending.hpp"
#include "actors/space/space_doors.hpp"
#include "actors/space/space_operations.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weft {

/// A tuple space as an event-based actor uses it; see `space::in`.
class space_in_actor : public space_operations<space_in_actor> {
public:
  space_in_actor(std::shared_ptr<const actors::space_doors> doors,
                 caf::scheduled_actor* self)
      : doors_{std::move(doors)}, self_{self} {}

  template <class R>
  pending<R> perform(spaces::any_call what,
                     std::optional<std::uint32_t> shard) const {
    return {doors_, self_, {std::move(what), shard}};
  }

private:
  std::shared_ptr<const actors::space_doors> doors_;
  caf::scheduled_actor* self_;
};

/// A tuple space of this cluster. Cheap to copy; usable from any thread.
///
/// Its own operations wait: for threads and jobs. The thread spins for some
/// microseconds, where there are cores to spare, and then sleeps. What a handle
/// claims, waits for and watches is released with the last copy of it.
///
/// In an actor nothing may wait; there the same operations give a `pending`
/// answer, and what the actor holds is released when it ends:
///
///     jobs.in(self).take(what, 5s).then([=](auto got) { ... });
///     auto got = co_await jobs.in(self).take(what, 5s);
class space : public space_operations<space> {
public:
  explicit space(std::shared_ptr<const actors::space_doors> doors);

  const std::string& name() const { return doors_->name; }

  space_in_actor in(caf::scheduled_actor* self) const { return {doors_, self}; }

  /// Carries out many calls at once, with a message for each shard, and waits
  /// for all answers, which come in the order of the calls.
  std::vector<spaces::space_answer>
  perform_all(std::vector<actors::space_request> calls) const;

  template <class R>
  result<R> perform(spaces::any_call what,
                    std::optional<std::uint32_t> shard) const {
    spaces::call_number number = 0;
    auto answer = wait_for({std::move(what), shard}, number);
    return actors::meaning<R>(std::move(answer), number);
  }

private:
  class session;

  spaces::space_answer wait_for(actors::space_request what,
                                spaces::call_number& number) const;

  std::shared_ptr<const actors::space_doors> doors_;
  std::shared_ptr<session> session_;
};

} // namespace weft

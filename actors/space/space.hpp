#pragma once

#include "actors/space/carrying.hpp"
#include "actors/space/pending.hpp"
#include "actors/space/space_doors.hpp"
#include "actors/space/space_operations.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weft {

class space;

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

  /// See `space::perform_all`.
  pending_answers perform_all(std::vector<actors::space_request> calls) const {
    return {doors_, self_, std::move(calls)};
  }

  /// See `space::move` and `space::copy`.
  pending_carry move(spaces::pattern what, const space& to) const;
  pending_carry copy(spaces::pattern what, const space& to) const;

private:
  std::shared_ptr<const actors::space_doors> doors_;
  caf::scheduled_actor* self_;
};

/// A tuple space of this cluster. Cheap to copy; usable from any thread.
///
/// Its own operations wait: for threads and jobs. The thread runs the turn of
/// the actor that it asks itself if that was idle, spins for some microseconds,
/// where a core is left, and then sleeps. What a handle claims, waits for and
/// watches is released with the last copy of it.
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

  /// Moves all tuples that match to another space and answers how many there
  /// were: those that were in a shard when it was first asked. What is left of
  /// their leases goes on there.
  ///
  /// No tuple is ever lost, or seen in none of the spaces by one who looks here
  /// first; it is seen in both for a moment. When the caller dies in that
  /// moment, or answers get lost with a shard or node, one part of at most
  /// 1,000 tuples may stay in both: `spaces::carrier` says how it goes. Where
  /// the target refuses tuples, they stay here. A failure says how many were
  /// moved before. `invalid_argument` for a space and itself.
  ///
  /// Cost: three calls for each part, one after the other.
  result<std::uint64_t> move(spaces::pattern what, const space& to) const {
    return carry(spaces::carry_form::move, std::move(what), to);
  }
  /// Copies them: of each shard what is there, and not claimed, at one moment.
  result<std::uint64_t> copy(spaces::pattern what, const space& to) const {
    return carry(spaces::carry_form::copy, std::move(what), to);
  }

  /// Writes all tuples, claimed ones too, with what is left of their leases to
  /// a file, which takes its name once it is whole and on the disk; answers how
  /// many there were. Of each shard it has what was there at one moment; the
  /// moments of two shards differ, so that a tuple that goes from one to
  /// another meanwhile may be there twice or not at all. Waits, claims,
  /// watches and barriers are not in it. Fails like an operation and, for the
  /// file, with `not_found`, `permission_denied` or `io`; there is no file
  /// then. Meanwhile each shard in turn keeps what it had: memory is spent on
  /// what is taken, and no content is copied.
  result<std::uint64_t> snapshot(const std::string& path) const;

  /// Writes all tuples of such a file, whatever number of shards it comes
  /// from, in addition to those that are there; answers how many. Leases go on
  /// with what was left of them. `invalid_argument` for a file that is none,
  /// or was cut off or changed: nothing is written then. Any later failure says
  /// how many tuples were restored before.
  result<std::uint64_t> restore(const std::string& path) const;

  template <class R>
  result<R> perform(spaces::any_call what,
                    std::optional<std::uint32_t> shard) const {
    spaces::call_number number = 0;
    auto answer = wait_for({std::move(what), shard}, number);
    return actors::meaning<R>(std::move(answer), number);
  }

private:
  friend class space_in_actor;
  class session;

  result<std::uint64_t> carry(spaces::carry_form form, spaces::pattern what,
                              const space& to) const;

  spaces::space_answer wait_for(actors::space_request what,
                                spaces::call_number& number) const;

  std::shared_ptr<const actors::space_doors> doors_;
  std::shared_ptr<session> session_;
};

} // namespace weft

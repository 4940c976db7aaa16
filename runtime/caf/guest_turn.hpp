#pragma once

#include <caf/resumable.hpp>

namespace weft {

class scheduler;

/// A turn of an actor on a thread that is none of the scheduler's and waits for
/// what the actor does: it costs microseconds to wake a worker for it, and to
/// be woken by it.
///
/// The first actor that the thread makes ready while this lives is kept for it,
/// and is run by `run`, a turn of it, as a worker would; what else becomes
/// ready goes to the workers. For threads that may block, so not for actors.
class guest_turn {
public:
  guest_turn();
  /// Leaves to the workers what was not run.
  ~guest_turn();
  guest_turn(const guest_turn&) = delete;
  guest_turn& operator=(const guest_turn&) = delete;

  void run();

  /// For schedulers: keeps a job that the calling thread has made ready. False:
  /// the thread is no guest, or has one.
  static bool keep(scheduler& of, caf::resumable* job);

private:
  guest_turn* outer_;
  scheduler* scheduler_ = nullptr;
  caf::resumable* job_ = nullptr;
};

} // namespace weft

#include "runtime/caf/guest_turn.hpp"

#include "runtime/caf/scheduler.hpp"

#include <utility>

namespace weft {

namespace {

thread_local guest_turn* present = nullptr;

} // namespace

guest_turn::guest_turn() : outer_{std::exchange(present, this)} {}

guest_turn::~guest_turn() {
  present = outer_;
  if (job_)
    scheduler_->enqueue(job_);
}

bool guest_turn::keep(scheduler& of, caf::resumable* job) {
  if (!present || present->job_ || present->scheduler_)
    return false;
  present->scheduler_ = &of;
  present->job_ = job;
  return true;
}

void guest_turn::run() {
  if (job_)
    scheduler_->run_guest(std::exchange(job_, nullptr));
}

} // namespace weft

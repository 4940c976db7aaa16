#include "runtime/module/job.hpp"

namespace weft {

job_control::job_control(std::function<void(const job_progress&)> on_progress)
    : on_progress_{std::move(on_progress)} {}

void job_control::cancel() {
  {
    const std::lock_guard lock{mutex_};
    cancelled_ = true;
  }
  changed_.notify_all();
}

bool job_control::cancelled() const {
  const std::lock_guard lock{mutex_};
  return cancelled_;
}

bool job_control::pause(std::chrono::nanoseconds time) const {
  std::unique_lock lock{mutex_};
  return !changed_.wait_for(lock, time, [this] { return cancelled_; });
}

void job_control::set_progress(job_progress now) {
  {
    const std::lock_guard lock{mutex_};
    progress_ = now;
  }
  if (on_progress_)
    on_progress_(now);
}

job_progress job_control::progress() const {
  const std::lock_guard lock{mutex_};
  return progress_;
}

job::job(caf::blocking_actor* self, weft::context where,
         std::shared_ptr<job_control> control)
    : self_{self}, context_{std::move(where)}, control_{std::move(control)},
      meter_{granularity_meter::clock::now()} {}

void job::progress(std::uint64_t done, std::uint64_t total, std::string text) {
  control_->set_progress({done, total, std::move(text)});
}

bool job::pause(duration time) {
  return coordinate([&] { return control_->pause(time); });
}

result<actors::registration> job::look_up(const std::string& name,
                                          duration timeout) {
  return waiting<actors::registration>(
      [&] { return context_.look_up(self_, name, timeout); });
}

result<actors::spawned> job::spawn_on(const std::string& node,
                                      actors::spawn_request what,
                                      duration timeout) {
  return waiting<actors::spawned>(
      [&] { return context_.spawn_on(self_, node, std::move(what), timeout); });
}

nlohmann::json job::granularity() const {
  return meter_.report(granularity_meter::clock::now());
}

job::phase_guard::phase_guard(job& of, job_phase phase)
    : job_{of}, outer_{
                    of.meter_.enter(phase, granularity_meter::clock::now())} {}

job::phase_guard::~phase_guard() {
  job_.meter_.enter(outer_, granularity_meter::clock::now());
}

} // namespace weft

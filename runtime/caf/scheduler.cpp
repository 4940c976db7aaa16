#include "runtime/caf/scheduler.hpp"

#include "runtime/caf/guest_turn.hpp"

#include <caf/detail/set_thread_name.hpp>
#include <caf/execution_unit.hpp>
#include <caf/logger.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduled_actor.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>
#include <utility>

namespace weft {

namespace {

/// How long a worker looks for work that others make before it sleeps: about
/// what it costs to wake it.
constexpr std::chrono::microseconds look_time{5};

/// An actor that was made ready is left to its worker for so long.
constexpr std::chrono::microseconds patience{5};

/// Turns of actors that come next because the last made them ready, while
/// others wait in the queue.
constexpr std::uint32_t turns_in_chain = 16;

/// Where actors end that were ready to run when the system ended.
class last_unit : public caf::execution_unit {
public:
  explicit last_unit(caf::actor_system& system)
      : caf::execution_unit{&system} {}

  void exec_later(caf::resumable* job) override { woken_.push_back(job); }

  /// Ends `job` and whoever its end wakes.
  void drop(caf::resumable* job) {
    for (woken_.push_back(job); !woken_.empty();)
      end(take_back(woken_));
  }

private:
  static caf::resumable* take_back(std::vector<caf::resumable*>& from) {
    auto* last = from.back();
    from.pop_back();
    return last;
  }

  void end(caf::resumable* job) {
    const auto kind = job->subtype();
    if (kind == caf::resumable::scheduled_actor
        || kind == caf::resumable::io_actor) {
      auto& actor = *static_cast<caf::scheduled_actor*>(job);
      // `cleanup` marks it as ended, and then nobody would destroy its state.
      if (!actor.getf(caf::abstract_actor::is_cleaned_up_flag))
        actor.on_exit();
      actor.cleanup(caf::exit_reason::user_shutdown, this);
    }
    caf::intrusive_ptr_release(job);
  }

  std::vector<caf::resumable*> woken_;
};

} // namespace

class scheduler::worker : public caf::execution_unit {
public:
  worker(scheduler& all, std::size_t number)
      : caf::execution_unit{&all.system()}, all_{all}, number_{number} {}

  void start() {
    thread_ = std::thread{[this] {
      CAF_SET_LOGGER_SYS(&system());
      caf::detail::set_thread_name("weft.worker");
      system().thread_started();
      run();
      system().thread_terminates();
    }};
  }

  void join() { thread_.join(); }

  void exec_later(caf::resumable* job) override {
    if (auto* displaced = next_.exchange(job, std::memory_order_acq_rel))
      queue_.push(displaced);
    all_.idle_->work_came();
  }

  bool has_work() const {
    return !queue_.empty() || next_.load(std::memory_order_relaxed) != nullptr;
  }

  /// What is still here, one after the other, then null; after `join`.
  caf::resumable* left_over() {
    if (auto* job = next_.exchange(nullptr))
      return job;
    return queue_.pop();
  }

private:
  void run() {
    while (auto* job = find()) {
      turn_.store(turn_.load(std::memory_order_relaxed) + 1,
                  std::memory_order_relaxed);
      resume(job);
    }
  }

  void resume(caf::resumable* job) {
    switch (job->resume(this, all_.max_throughput())) {
    case caf::resumable::resume_later:
      queue_.push(job);
      all_.idle_->work_came();
      break;
    case caf::resumable::shutdown_execution_unit:
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
      caf::intrusive_ptr_release(job);
    }
  }

  /// The next job; null when the scheduler stops.
  caf::resumable* find() {
    if (all_.stopping_.load(std::memory_order_relaxed))
      return nullptr;
    if (auto* job = find_here())
      return job;
    bool looks = all_.idle_->begin_to_look();
    for (;;) {
      if (auto* job = looks ? look_around() : look_once()) {
        if (looks)
          all_.idle_->found_work([this] { return all_.anything_to_do(); });
        else if (!queue_.empty())
          all_.idle_->work_came();
        return job;
      }
      if (all_.stopping_.load())
        return nullptr;
      all_.idle_->sleep(number_, looks,
                        [this] { return all_.anything_to_do(); });
      looks = true;
    }
  }

  caf::resumable* find_here() {
    // Behind what is ready here: then each comes when its turn is.
    all_.arrivals_.move_to(queue_,
                           all_.arrivals_.size() / all_.workers_.size() + 1);
    if (chain_ < turns_in_chain || queue_.empty())
      if (auto* job = take_next()) {
        ++chain_;
        return job;
      }
    chain_ = 0;
    return queue_.pop();
  }

  caf::resumable* take_next() {
    if (next_.load(std::memory_order_relaxed) == nullptr)
      return nullptr;
    return next_.exchange(nullptr, std::memory_order_acq_rel);
  }

  caf::resumable* look_once() {
    if (auto* job = find_here())
      return job;
    for (auto& other : all_.workers_)
      if (other.get() != this && !other->queue_.empty()) {
        other->queue_.move_to(queue_, other->queue_.size() / 2 + 1);
        if (auto* job = queue_.pop())
          return job;
      }
    return nullptr;
  }

  /// Looks until there is something, for a while.
  caf::resumable* look_around() {
    using clock = std::chrono::steady_clock;
    const auto begun = clock::now();
    auto noted = begun;
    note_turns();
    while (!all_.stopping_.load(std::memory_order_relaxed)) {
      if (auto* job = look_once())
        return job;
      if (all_.idle_->others_sleep())
        break;
      const auto now = clock::now();
      if (now - noted >= patience) {
        if (auto* job = take_neglected())
          return job;
        noted = now;
      }
      if (now - begun >= look_time)
        break;
      std::this_thread::yield();
    }
    return nullptr;
  }

  void note_turns() {
    turns_noted_.resize(all_.workers_.size());
    for (std::size_t i = 0; i < turns_noted_.size(); ++i)
      turns_noted_[i] = all_.workers_[i]->turn_.load(std::memory_order_relaxed);
  }

  /// What comes next on a worker that has run the same actor since the turns
  /// were noted; notes them again.
  caf::resumable* take_neglected() {
    for (std::size_t i = 0; i < turns_noted_.size(); ++i) {
      auto& other = *all_.workers_[i];
      const auto turn = other.turn_.load(std::memory_order_relaxed);
      if (turn == std::exchange(turns_noted_[i], turn))
        if (auto* job = other.take_next())
          return job;
    }
    return nullptr;
  }

  scheduler& all_;
  std::size_t number_;
  std::thread thread_;
  run_queue queue_;
  /// What the running actor made ready last.
  std::atomic<caf::resumable*> next_ = nullptr;
  /// Counts the turns of actors here.
  std::atomic<std::uint64_t> turn_ = 0;
  std::uint32_t chain_ = 0;
  std::vector<std::uint64_t> turns_noted_;
};

/// Whom an actor wakes in a guest's turn runs on a worker.
class scheduler::guest_unit : public caf::execution_unit {
public:
  explicit guest_unit(scheduler& all)
      : caf::execution_unit{&all.system()}, all_{all} {}

  void exec_later(caf::resumable* job) override { all_.enqueue(job); }

private:
  scheduler& all_;
};

scheduler::scheduler(caf::actor_system& system)
    : caf::scheduler::abstract_coordinator{system},
      guest_unit_{std::make_unique<guest_unit>(*this)} {}

scheduler::~scheduler() = default;

void scheduler::enqueue(caf::resumable* job) {
  if (guest_turn::keep(*this, job))
    return;
  arrivals_.push(job);
  idle_->work_came();
}

void scheduler::run_guest(caf::resumable* job) {
  guests_.fetch_add(1);
  if (stopping_.load()
      || job->resume(guest_unit_.get(), max_throughput())
             == caf::resumable::resume_later)
    enqueue(job);
  else
    caf::intrusive_ptr_release(job);
  guests_.fetch_sub(1);
  guests_.notify_all();
}

bool scheduler::anything_to_do() const {
  if (stopping_.load() || !arrivals_.empty())
    return true;
  return std::any_of(workers_.begin(), workers_.end(),
                     [](const auto& each) { return each->has_work(); });
}

void scheduler::init(caf::actor_system_config& config) {
  caf::scheduler::abstract_coordinator::init(config);
  idle_ = std::make_unique<idle_workers>(num_workers());
}

void scheduler::start() {
  for (std::size_t number = 0; number < num_workers(); ++number)
    workers_.push_back(std::make_unique<worker>(*this, number));
  for (auto& each : workers_)
    each->start();
  timers_.start();
  caf::scheduler::abstract_coordinator::start();
}

void scheduler::stop() {
  stopping_ = true;
  idle_->wake_all();
  for (auto& each : workers_)
    each->join();
  while (const auto guests = guests_.load())
    guests_.wait(guests);
  stop_actors();
  timers_.stop();
  drop_what_is_left();
}

/// Ending one actor may make others ready.
void scheduler::drop_what_is_left() {
  last_unit unit{system()};
  bool any = true;
  while (std::exchange(any, false)) {
    const auto drop = [&](caf::resumable* job) {
      unit.drop(job);
      any = true;
    };
    for (auto& each : workers_)
      while (auto* job = each->left_over())
        drop(job);
    while (auto* job = arrivals_.pop())
      drop(job);
  }
}

} // namespace weft

#include "actors/space/space.hpp"

#include "runtime/caf/guest_turn.hpp"

#include <atomic>
#include <chrono>
#include <thread>

namespace weft {

namespace {

/// Threads' users are told apart from actors, whose numbers are small.
constexpr std::uint64_t first_thread_user = std::uint64_t{1} << 62;
std::atomic<std::uint64_t> next_thread_user{first_thread_user};

/// Where a thread waits for answers: a futex, after some spinning.
class landing {
public:
  void land(std::vector<spaces::space_answer> answers) {
    answers_ = std::move(answers);
    landed_.store(true, std::memory_order_release);
    landed_.notify_one();
  }

  std::vector<spaces::space_answer> wait() {
    if (!landed_.load(std::memory_order_acquire))
      spin();
    landed_.wait(false, std::memory_order_acquire);
    return std::move(answers_);
  }

private:
  /// A sleeping thread takes some 50 us to go on, one that spins 0.1 us; but
  /// spinning takes the core from whoever is to answer, so that one core at
  /// least is left to those who do not.
  void spin() const {
    static const auto cores = std::thread::hardware_concurrency();
    static std::atomic<unsigned> spinning{0};
    constexpr std::chrono::microseconds patience{30};
    if (spinning.fetch_add(1, std::memory_order_relaxed) + 1 < cores) {
      const auto end = std::chrono::steady_clock::now() + patience;
      while (!landed_.load(std::memory_order_acquire)
             && std::chrono::steady_clock::now() < end)
        __builtin_ia32_pause();
    }
    spinning.fetch_sub(1, std::memory_order_relaxed);
  }

  std::atomic<bool> landed_{false};
  std::vector<spaces::space_answer> answers_;
};

std::vector<spaces::space_answer>
submit_and_wait(const actors::space_doors& to, std::uint64_t user,
                std::vector<actors::space_request> calls,
                spaces::call_number& first) {
  const auto here = std::make_shared<landing>();
  guest_turn turn;
  first = actors::submit(to, {user, {}}, std::move(calls),
                         [here](std::vector<spaces::space_answer> answers) {
                           here->land(std::move(answers));
                         });
  turn.run();
  return here->wait();
}

} // namespace

/// What the copies of a handle are to the space: one user.
class space::session {
public:
  explicit session(std::shared_ptr<const actors::space_doors> of)
      : doors_{std::move(of)}, user_{next_thread_user++} {}
  ~session() {
    if (used_)
      actors::leave(*doors_, {user_, {}});
  }
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  std::uint64_t user() {
    used_ = true;
    return user_;
  }

private:
  std::shared_ptr<const actors::space_doors> doors_;
  std::uint64_t user_;
  std::atomic<bool> used_{false};
};

space::space(std::shared_ptr<const actors::space_doors> doors)
    : doors_{std::move(doors)}, session_{std::make_shared<session>(doors_)} {}

std::vector<spaces::space_answer>
space::perform_all(std::vector<actors::space_request> calls) const {
  if (calls.empty())
    return {};
  spaces::call_number first = 0;
  return submit_and_wait(*doors_, session_->user(), std::move(calls), first);
}

result<std::uint64_t> space::carry(spaces::carry_form form,
                                   spaces::pattern what,
                                   const space& to) const {
  auto way = actors::begin_carrying(form, std::move(what), *doors_, *to.doors_);
  if (!way)
    return pass_on(way);
  while (auto step = way->next_step()) {
    spaces::call_number number = 0;
    const auto& at = step->at_target ? to : *this;
    way->on_answer(
        at.wait_for({std::move(step->what), step->shard}, number).what);
  }
  return way->outcome();
}

pending_carry space_in_actor::move(spaces::pattern what,
                                   const space& to) const {
  return {{spaces::carry_form::move, std::move(what), doors_, to.doors_},
          self_};
}

pending_carry space_in_actor::copy(spaces::pattern what,
                                   const space& to) const {
  return {{spaces::carry_form::copy, std::move(what), doors_, to.doors_},
          self_};
}

spaces::space_answer space::wait_for(actors::space_request what,
                                     spaces::call_number& number) const {
  std::vector<actors::space_request> one;
  one.push_back(std::move(what));
  auto answers =
      submit_and_wait(*doors_, session_->user(), std::move(one), number);
  return std::move(answers.front());
}

} // namespace weft

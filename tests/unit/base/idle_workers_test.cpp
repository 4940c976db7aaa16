#include "runtime/base/idle_workers.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace weft {

namespace {

/// Workers that take numbers from a counter, and sleep when it is zero.
class counting_pool {
public:
  explicit counting_pool(std::size_t workers) : idle_{workers} {
    for (std::size_t which = 0; which < workers; ++which)
      threads_.emplace_back([this, which] { run(which); });
  }

  ~counting_pool() {
    stopping_ = true;
    idle_.wake_all();
    for (auto& each : threads_)
      each.join();
  }

  void add() {
    ready_.fetch_add(1);
    idle_.work_came();
  }

  std::uint64_t done() const { return done_.load(); }

private:
  bool anything() const { return stopping_ || ready_.load() > 0; }

  bool take_one() {
    auto ready = ready_.load();
    while (ready > 0)
      if (ready_.compare_exchange_weak(ready, ready - 1))
        return true;
    return false;
  }

  void run(std::size_t which) {
    bool looks = false;
    while (!stopping_) {
      if (take_one()) {
        if (looks)
          idle_.found_work([this] { return anything(); });
        looks = false;
        done_.fetch_add(1);
      } else if (looks || !idle_.begin_to_look()) {
        idle_.sleep(which, looks, [this] { return anything(); });
        looks = true;
      } else {
        looks = true;
      }
    }
  }

  idle_workers idle_;
  std::atomic<std::uint64_t> ready_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
};

} // namespace

TEST_CASE("work that came is done, however workers fall asleep meanwhile") {
  for (std::size_t workers : {1, 2, 5}) {
    counting_pool pool{workers};
    // One at a time: the workers are about to sleep, or do, whenever one comes.
    for (std::uint64_t count = 1; count <= 20'000; ++count) {
      pool.add();
      while (pool.done() < count)
        std::this_thread::yield();
    }
    CHECK(pool.done() == 20'000);
  }
}

TEST_CASE("work that comes from many threads at once is done") {
  counting_pool pool{3};
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer)
    writers.emplace_back([&pool] {
      for (int count = 0; count < 20'000; ++count)
        pool.add();
    });
  for (auto& each : writers)
    each.join();
  while (pool.done() < 80'000)
    std::this_thread::yield();
  CHECK(pool.done() == 80'000);
}

} // namespace weft

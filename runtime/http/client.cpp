#include "runtime/http/client.hpp"

#include "runtime/http/exchange.hpp"
#include "runtime/http/socket_address.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <atomic>
#include <map>
#include <optional>
#include <thread>
#include <utility>

namespace weft::http {

namespace asio = boost::asio;

std::string to_string(const address& where) {
  return where.unix_path.empty()
             ? host_and_port(where.host, where.port)
             : fmt::format("Unix socket {}", where.unix_path);
}

result<response> call(const address& where, const request& what,
                      std::chrono::milliseconds timeout) {
  const auto io = std::make_shared<asio::io_context>(1);
  std::optional<result<response>> outcome;
  const auto under_way =
      exchange::start(io, where, what, timeout, [&](result<response> answer) {
        outcome = std::move(answer);
      });
  io->run();
  // The exchange's deadline is work of the io_context until it has ended.
  return outcome ? *std::move(outcome)
                 : fail(errc::internal, "an HTTP call ended without outcome");
}

class async_client::implementation {
public:
  implementation() : thread_([this] { io_->run(); }) {}

  ~implementation() {
    asio::post(*io_, [this] {
      is_closing_ = true;
      // Ending one takes it out, and its callback may start others.
      while (!under_way_.empty()) {
        const auto next = under_way_.begin()->second;
        next->end(cancelled());
      }
    });
    work_.reset();
    thread_.join();
  }

  void call(address where, request what, std::chrono::milliseconds timeout,
            callback done) {
    if (count_.fetch_add(1) >= calls_max) {
      --count_;
      done(fail(errc::exhausted,
                fmt::format("{} HTTP calls are under way, the one to {} would "
                            "be one too many: try again later",
                            calls_max, to_string(where))));
      return;
    }
    asio::post(*io_, [this, where = std::move(where), what = std::move(what),
                      timeout, done = std::move(done)]() mutable {
      start(where, what, timeout, std::move(done));
    });
  }

private:
  static failure cancelled() {
    return {errc::cancelled, "the HTTP client was closed"};
  }

  void start(const address& where, const request& what,
             std::chrono::milliseconds timeout, callback done) {
    const auto number = ++last_number_;
    if (is_closing_) {
      --count_;
      done(tl::unexpected{cancelled()});
      return;
    }
    const auto ended = std::make_shared<bool>(false);
    auto made = exchange::start(
        io_, where, what, timeout,
        [this, number, ended, done = std::move(done)](result<response> answer) {
          *ended = true;
          under_way_.erase(number);
          --count_;
          done(std::move(answer));
        });
    if (!*ended)
      under_way_.emplace(number, std::move(made));
  }

  std::atomic<std::size_t> count_{0};
  const std::shared_ptr<asio::io_context> io_ =
      std::make_shared<asio::io_context>(1);
  asio::executor_work_guard<asio::io_context::executor_type> work_ =
      asio::make_work_guard(*io_);
  // The thread's own, as is everything else of the calls.
  std::map<std::uint64_t, std::shared_ptr<exchange>> under_way_;
  std::uint64_t last_number_ = 0;
  bool is_closing_ = false;
  std::thread thread_;
};

async_client::async_client()
    : implementation_(std::make_unique<implementation>()) {}

async_client::~async_client() = default;

void async_client::call(address where, request what,
                        std::chrono::milliseconds timeout, callback done) {
  implementation_->call(std::move(where), std::move(what), timeout,
                        std::move(done));
}

} // namespace weft::http

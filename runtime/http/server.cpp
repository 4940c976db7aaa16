#include "runtime/http/server.hpp"

#include "runtime/base/assert.hpp"
#include "runtime/http/connection.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cerrno>
#include <mutex>
#include <sys/socket.h>
#include <thread>
#include <vector>

namespace weft::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// Accepted in a row before other work has its turn.
constexpr int accept_batch = 16;
/// Pause after the system ran out of descriptors or memory.
constexpr std::chrono::milliseconds accept_pause{100};

/// Accepts the connections of one listening socket. On the server's thread.
class acceptor : public std::enable_shared_from_this<acceptor> {
public:
  acceptor(std::shared_ptr<asio::io_context> io,
           std::shared_ptr<connection_context> context, access_rules access,
           unique_fd socket)
      : io_(io), context_(std::move(context)),
        access_(std::make_shared<const access_rules>(std::move(access))),
        socket_(*io, socket.release()), pause_(*io) {}

  void wait() {
    socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](error_code code) {
                         if (!code)
                           self->accept_some();
                       });
  }

  void close() {
    error_code ignored;
    pause_.cancel();
    socket_.close(ignored);
  }

private:
  void accept_some() {
    const auto io = io_.lock();
    if (!io || !socket_.is_open())
      return;
    for (int i = 0; i < accept_batch; ++i) {
      unique_fd accepted{::accept4(socket_.native_handle(), nullptr, nullptr,
                                   SOCK_CLOEXEC | SOCK_NONBLOCK)};
      if (accepted.get() >= 0) {
        serve_connection(io, context_, access_, std::move(accepted));
        continue;
      }
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS
          || errno == ENOMEM)
        return wait_for_resources();
      if (errno == EAGAIN || errno == EWOULDBLOCK)
        break;
      // Else this one connection failed (accept(2)): on to the next.
    }
    wait();
  }

  void wait_for_resources() {
    pause_.expires_after(accept_pause);
    pause_.async_wait([self = shared_from_this()](error_code code) {
      if (!code)
        self->wait();
    });
  }

  const std::weak_ptr<asio::io_context> io_;
  const std::shared_ptr<connection_context> context_;
  const std::shared_ptr<const access_rules> access_;
  asio::posix::stream_descriptor socket_;
  asio::steady_timer pause_;
};

} // namespace

class server::implementation {
public:
  explicit implementation(server_options options) {
    context_->options = options;
  }

  ~implementation() { stop(); }

  void route(method verb, std::string path, handler serve) {
    const std::lock_guard lock{guard_};
    WEFT_ASSERT(!thread_.joinable() && !is_stopped_);
    context_->routes.add(verb, std::move(path), std::move(serve));
  }

  result<std::uint16_t> listen_tcp(const std::string& host, std::uint16_t port,
                                   tcp_access access) {
    auto socket = listen_on_tcp(host, port);
    if (!socket)
      return pass_on(socket);
    const std::lock_guard lock{guard_};
    if (is_stopped_)
      return stopped();
    start_accepting(std::move(socket->fd), std::move(access));
    return socket->port;
  }

  result<void> listen_unix(const std::string& path) {
    auto socket = unix_listen_socket::listen(path);
    if (!socket)
      return pass_on(socket);
    const std::lock_guard lock{guard_};
    if (is_stopped_)
      return stopped();
    start_accepting(socket->take_fd(), std::nullopt);
    socket_files_.push_back(std::move(*socket));
    return {};
  }

  server_statistics statistics() const {
    return {context_->open_count, context_->accepted, context_->refused,
            context_->requests};
  }

  void stop() {
    const std::lock_guard lock{guard_};
    is_stopped_ = true;
    if (!thread_.joinable())
      return;
    WEFT_ASSERT(thread_.get_id() != std::this_thread::get_id());
    // Files first: who starts next shall find none, or one of its own.
    socket_files_.clear();
    asio::post(*io_, [this] {
      for (const auto& each : acceptors_)
        each->close();
      acceptors_.clear();
      close_connections(*context_);
    });
    work_.reset();
    thread_.join();
  }

private:
  static tl::unexpected<failure> stopped() {
    return fail(errc::cancelled, "the HTTP server is stopped");
  }

  void start_accepting(unique_fd socket, access_rules access) {
    auto made = std::make_shared<acceptor>(io_, context_, std::move(access),
                                           std::move(socket));
    asio::post(*io_, [this, made = std::move(made)] {
      acceptors_.push_back(made);
      made->wait();
    });
    if (!thread_.joinable())
      thread_ = std::thread{[this] { io_->run(); }};
  }

  std::mutex guard_;
  bool is_stopped_ = false;
  const std::shared_ptr<connection_context> context_ =
      std::make_shared<connection_context>();
  const std::shared_ptr<asio::io_context> io_ =
      std::make_shared<asio::io_context>(1);
  asio::executor_work_guard<asio::io_context::executor_type> work_ =
      asio::make_work_guard(*io_);
  std::vector<unix_listen_socket> socket_files_;
  /// The thread's own.
  std::vector<std::shared_ptr<acceptor>> acceptors_;
  std::thread thread_;
};

server::server(server_options options)
    : implementation_(std::make_unique<implementation>(options)) {}

server::~server() = default;

void server::route(method verb, std::string path, handler serve) {
  implementation_->route(verb, std::move(path), std::move(serve));
}

result<std::uint16_t> server::listen_tcp(const std::string& host,
                                         std::uint16_t port,
                                         tcp_access access) {
  return implementation_->listen_tcp(host, port, std::move(access));
}

result<void> server::listen_unix(const std::string& path) {
  return implementation_->listen_unix(path);
}

server_statistics server::statistics() const {
  return implementation_->statistics();
}

void server::stop() {
  implementation_->stop();
}

} // namespace weft::http

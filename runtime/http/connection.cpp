#include "runtime/http/connection.hpp"

#include "runtime/base/version.hpp"
#include "runtime/http/request_head.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <ctime>
#include <exception>

namespace weft::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using stream_protocol = asio::generic::stream_protocol;

namespace {

constexpr std::size_t refusals_max = 32;
/// What a read takes at once, beyond the bytes of a header.
constexpr std::size_t read_bytes = 16 * 1024;
/// A connection that is closed with an error is read on for a while, since a
/// close with unread bytes takes the answer back.
constexpr std::size_t drain_bytes_max = 2 * 1024 * 1024;
constexpr std::chrono::milliseconds drain_timeout{2'000};
/// Keeps deadlines clear of the clock's end.
constexpr std::chrono::milliseconds deadline_max = std::chrono::hours{24};

std::string date_text() {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                     fmt::gmtime(std::time(nullptr)));
}

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

/// The answer to bytes that are no request, if they deserve one.
std::optional<response> answer_to(error_code code,
                                  const server_options& options) {
  using error = beast::http::error;
  if (code == error::header_limit || code == error::buffer_overflow)
    return error_response_with(
        431, errc::exhausted,
        fmt::format("the request's header is over {} bytes",
                    options.header_bytes_max));
  if (code == error::body_limit)
    return error_response_with(
        413, errc::exhausted,
        fmt::format("the request's body is over {} bytes",
                    options.body_bytes_max));
  if (code == error::end_of_stream || code == error::partial_message
      || code.category() != make_error_code(error::bad_method).category())
    return std::nullopt;
  return error_response_with(
      400, errc::invalid_argument,
      fmt::format("this is no HTTP/1.1 request: {}", code.message()));
}

} // namespace

/// One accepted socket. All of it runs on the server's thread; it lives as
/// long as one of its operations is under way.
class connection : public std::enable_shared_from_this<connection> {
public:
  connection(asio::io_context& io, std::shared_ptr<connection_context> context,
             std::shared_ptr<const access_rules> access, unique_fd socket)
      : context_(std::move(context)), access_(std::move(access)), socket_(io),
        deadline_(io),
        buffer_(context_->options.header_bytes_max + read_bytes) {
    const int family = *access_ ? AF_INET : AF_UNIX;
    error_code code;
    socket_.assign(stream_protocol{family, 0}, socket.get(), code);
    if (!code)
      socket.release();
    context_->open.insert(this);
    context_->open_count = context_->open.size();
  }

  ~connection() {
    context_->open.erase(this);
    context_->open_count = context_->open.size();
  }

  void start(std::weak_ptr<asio::io_context> io) {
    io_ = std::move(io);
    wait_for_request();
  }

  /// Answers before any request came, and closes.
  void refuse(response answer) {
    must_close_ = true;
    send(std::move(answer));
  }

  void close() {
    error_code ignored;
    deadline_.cancel();
    socket_.close(ignored);
  }

  /// Sends the answer to request `number`, unless it has one already.
  void answer(std::uint64_t number, response what) {
    if (phase_ == phase::replying && number == request_number_)
      send(std::move(what));
  }

private:
  enum class phase { idle, reading, replying, writing, draining };

  void enter(phase next, std::chrono::milliseconds timeout) {
    phase_ = next;
    timed_out_ = false;
    deadline_.expires_after(std::min(timeout, deadline_max));
    deadline_.async_wait([self = shared_from_this(),
                          armed = ++deadline_number_](error_code code) {
      // A wait that ended in the moment it was replaced reports success.
      if (!code && armed == self->deadline_number_)
        self->on_deadline();
    });
  }

  void on_deadline() {
    switch (phase_) {
    case phase::reading: {
      // The read ends, and what it calls answers.
      timed_out_ = true;
      error_code ignored;
      socket_.cancel(ignored);
      break;
    }
    case phase::replying:
      send(error_response_with(
          504, errc::timed_out,
          fmt::format("{} was not answered within {} ms", path_,
                      context_->options.reply_timeout.count())));
      break;
    case phase::idle:
    case phase::writing:
    case phase::draining:
      close();
      break;
    }
  }

  void wait_for_request() {
    allowed_.clear();
    is_head_ = false;
    if (buffer_.size() > 0) {
      read_head();
      return;
    }
    enter(phase::idle, context_->options.idle_timeout);
    socket_.async_read_some(
        buffer_.prepare(std::min(read_bytes, buffer_.max_size())),
        [self = shared_from_this()](error_code code, std::size_t bytes) {
          self->buffer_.commit(bytes);
          if (code)
            self->close();
          else
            self->read_head();
        });
  }

  void read_head() {
    parser_.emplace();
    parser_->header_limit(
        static_cast<std::uint32_t>(context_->options.header_bytes_max));
    parser_->body_limit(context_->options.body_bytes_max);
    enter(phase::reading, context_->options.idle_timeout);
    beast::http::async_read_header(
        socket_, buffer_, *parser_,
        [self = shared_from_this()](error_code code, std::size_t) {
          if (code)
            self->on_read_error(code);
          else
            self->on_head();
        });
  }

  void on_read_error(error_code code) {
    if (!socket_.is_open())
      return;
    must_close_ = true;
    if (timed_out_)
      send(error_response_with(
          408, errc::timed_out,
          fmt::format("the request did not arrive within {} ms",
                      context_->options.idle_timeout.count())));
    else if (auto answer = answer_to(code, context_->options))
      send(*std::move(answer));
    else
      close();
  }

  void on_head() {
    ++context_->requests;
    const auto& head = parser_->get();
    const auto verb = view(head.method_string());
    is_head_ = verb == "HEAD";
    auto routed = route_request({verb, view(head.target()),
                                 view(head[beast::http::field::host]),
                                 head.count(beast::http::field::host),
                                 view(head[beast::http::field::expect])},
                                context_->routes, *access_);
    if (auto* refused = std::get_if<refusal>(&routed)) {
      // Where a body would follow, nobody waits for it.
      must_close_ = !parser_->is_done() || !head.keep_alive();
      allowed_ = std::move(refused->allowed);
      send(std::move(refused->answer));
      return;
    }
    routed_ = std::move(std::get<routed_request>(routed));
    if (parser_->is_done())
      serve();
    else if (routed_.expects_continue)
      write_continue();
    else
      read_body();
  }

  void write_continue() {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(
        socket_, asio::buffer(go_on),
        [self = shared_from_this()](error_code code, std::size_t) {
          if (code)
            self->on_read_error(code);
          else
            self->read_body();
        });
  }

  void read_body() {
    enter(phase::reading, context_->options.idle_timeout);
    beast::http::async_read(
        socket_, buffer_, *parser_,
        [self = shared_from_this()](error_code code, std::size_t) {
          if (code)
            self->on_read_error(code);
          else
            self->serve();
        });
  }

  void serve();

  void send(response what) {
    auto answer = checked_response(std::move(what));
    const bool keep_alive =
        !must_close_ && parser_ && parser_->get().keep_alive();
    must_close_ = !keep_alive;
    using field = beast::http::field;
    response_ = {};
    response_.version(11);
    response_.result(static_cast<unsigned>(answer.status));
    response_.set(field::date, date_text());
    response_.set(field::server, fmt::format("weft/{}", version()));
    response_.set(field::content_type, answer.content_type);
    response_.set(field::cache_control, "no-store");
    response_.set("X-Content-Type-Options", "nosniff");
    if (!allowed_.empty())
      response_.set(field::allow, allowed_);
    response_.keep_alive(keep_alive);
    response_.body() = std::move(answer.body);
    response_.prepare_payload();
    serializer_.emplace(response_);
    enter(phase::writing, context_->options.reply_timeout);
    auto done = [self = shared_from_this()](error_code code, std::size_t) {
      self->on_written(code);
    };
    if (is_head_)
      beast::http::async_write_header(socket_, *serializer_, std::move(done));
    else
      beast::http::async_write(socket_, *serializer_, std::move(done));
  }

  void on_written(error_code code) {
    // An idle connection keeps no memory for its last answer.
    serializer_.reset();
    response_ = {};
    if (code || !socket_.is_open())
      close();
    else if (!must_close_)
      wait_for_request();
    else {
      error_code ignored;
      socket_.shutdown(asio::socket_base::shutdown_send, ignored);
      enter(phase::draining, drain_timeout);
      drain();
    }
  }

  void drain() {
    buffer_.clear();
    socket_.async_read_some(
        buffer_.prepare(read_bytes),
        [self = shared_from_this()](error_code code, std::size_t bytes) {
          self->drained_bytes_ += bytes;
          if (code || self->drained_bytes_ > drain_bytes_max)
            self->close();
          else
            self->drain();
        });
  }

  const std::shared_ptr<connection_context> context_;
  const std::shared_ptr<const access_rules> access_;
  std::weak_ptr<asio::io_context> io_;
  stream_protocol::socket socket_;
  asio::steady_timer deadline_;
  std::uint64_t deadline_number_ = 0;
  phase phase_ = phase::idle;
  bool timed_out_ = false;
  bool must_close_ = false;
  std::size_t drained_bytes_ = 0;

  beast::flat_buffer buffer_;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  routed_request routed_;
  /// Of the request being served, for messages about it.
  std::string path_;
  std::string allowed_;
  bool is_head_ = false;
  std::uint64_t request_number_ = 0;

  beast::http::response<beast::http::string_body> response_;
  std::optional<beast::http::response_serializer<beast::http::string_body>>
      serializer_;
};

namespace {

/// The way back from a handler, from whatever thread and at whatever time. It
/// keeps the queue it posts to alive, and nothing in the queue keeps it alive.
class reply_slot {
public:
  reply_slot(std::shared_ptr<asio::io_context> io, std::weak_ptr<connection> to,
             std::uint64_t number)
      : io_(std::move(io)), to_(std::move(to)), number_(number) {}

  ~reply_slot() {
    if (!is_used_)
      send(error_response_with(500, errc::internal,
                               "the request's handler gave no answer"));
  }

  void send(response answer) {
    if (is_used_.exchange(true))
      return;
    asio::post(*io_, [to = to_, number = number_,
                      answer = std::move(answer)]() mutable {
      if (const auto still_there = to.lock())
        still_there->answer(number, std::move(answer));
    });
  }

private:
  const std::shared_ptr<asio::io_context> io_;
  const std::weak_ptr<connection> to_;
  const std::uint64_t number_;
  std::atomic<bool> is_used_{false};
};

} // namespace

void connection::serve() {
  const auto io = io_.lock();
  if (!io)
    return close();
  auto what = std::move(routed_.what);
  what.body = std::move(parser_->get().body());
  path_ = what.path;
  enter(phase::replying, context_->options.reply_timeout);
  const auto slot =
      std::make_shared<reply_slot>(io, weak_from_this(), ++request_number_);
  std::string thrown;
  try {
    (*routed_.serve)(
        what, [slot](response answer) { slot->send(std::move(answer)); });
    return;
  } catch (const std::exception& error) {
    thrown = error.what();
  } catch (...) {
    thrown = "something that is no std::exception";
  }
  slot->send(error_response_with(
      500, errc::internal,
      fmt::format("the handler of {} threw: {}", path_, thrown)));
}

void serve_connection(const std::shared_ptr<asio::io_context>& io,
                      const std::shared_ptr<connection_context>& context,
                      std::shared_ptr<const access_rules> access,
                      unique_fd socket) {
  const auto open = context->open.size();
  const auto limit = context->options.connections_max;
  if (open >= limit) {
    ++context->refused;
    if (open >= limit + refusals_max)
      return;
  } else {
    ++context->accepted;
  }
  const auto made = std::make_shared<connection>(
      *io, context, std::move(access), std::move(socket));
  if (open < limit)
    made->start(io);
  else
    made->refuse(error_response_with(
        503, errc::exhausted,
        fmt::format("there are {} connections already, try again later",
                    limit)));
}

void close_connections(connection_context& context) {
  for (auto* each : context.open)
    each->close();
}

} // namespace weft::http

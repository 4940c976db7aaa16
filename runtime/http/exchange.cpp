#include "runtime/http/exchange.hpp"

#include "runtime/base/version.hpp"
#include "runtime/http/listen_socket.hpp"
#include "runtime/http/resolve.hpp"
#include "runtime/http/socket_address.hpp"
#include "runtime/http/target.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace weft::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using stream_protocol = asio::generic::stream_protocol;

namespace {

constexpr std::chrono::milliseconds timeout_max = std::chrono::hours{24};
constexpr std::uint32_t header_bytes_max = 64 * 1024;
constexpr std::size_t buffer_bytes_max = 2 * header_bytes_max;

result<void> check_call(const address& where, const request& what,
                        std::chrono::milliseconds timeout) {
  if (where.unix_path.empty() == where.host.empty())
    return fail(errc::invalid_argument,
                "HTTP call: expected either the path of a Unix socket or a "
                "host");
  if (where.unix_path.empty() && where.port == 0)
    return fail(errc::invalid_argument,
                fmt::format("HTTP call to {}: expected a port of 1 to 65535",
                            where.host));
  if (!what.path.starts_with('/'))
    return fail(errc::invalid_argument,
                fmt::format("HTTP call to {}: expected a path that starts with "
                            "/, got \"{}\"",
                            to_string(where), what.path));
  if (timeout <= std::chrono::milliseconds::zero())
    return fail(errc::invalid_argument,
                fmt::format("HTTP call to {}: expected a time-out over 0, got "
                            "{} ms",
                            to_string(where), timeout.count()));
  return {};
}

beast::http::request<beast::http::string_body> message_of(const address& where,
                                                          const request& what) {
  using field = beast::http::field;
  beast::http::request<beast::http::string_body> message;
  message.version(11);
  message.method(what.verb == method::post ? beast::http::verb::post
                                           : beast::http::verb::get);
  message.target(format_target(what.path, what.query));
  message.set(field::host, where.unix_path.empty()
                               ? host_and_port(where.host, where.port)
                               : "localhost");
  message.set(field::user_agent, fmt::format("weft/{}", version()));
  message.keep_alive(false);
  if (what.verb == method::post)
    message.set(field::content_type, "application/json");
  message.body() = what.body;
  message.prepare_payload();
  return message;
}

class exchange_state : public exchange,
                       public std::enable_shared_from_this<exchange_state> {
public:
  exchange_state(const std::shared_ptr<asio::io_context>& io, address where,
                 const request& what, callback done)
      : where_(std::move(where)), message_(message_of(where_, what)),
        done_(std::move(done)), io_(io), socket_(*io), deadline_(*io),
        buffer_(buffer_bytes_max) {
    parser_.header_limit(header_bytes_max);
    parser_.body_limit(answer_bytes_max);
  }

  void run(std::chrono::milliseconds timeout) {
    deadline_.expires_after(std::min(timeout, timeout_max));
    deadline_.async_wait([self = shared_from_this(), timeout](error_code code) {
      if (!code)
        self->end(
            {errc::timed_out, fmt::format("{} did not answer {} within {} ms",
                                          to_string(self->where_), self->doing_,
                                          timeout.count())});
    });
    if (!where_.unix_path.empty()) {
      auto local = unix_address(where_.unix_path);
      if (!local)
        return end(local.error());
      return connect({*local});
    }
    // The look-up may end long after this exchange and its io_context's last
    // run; it then finds nobody, and may let go of the latter.
    resolve(
        where_.host, where_.port,
        [io = io_.lock(), weak = weak_from_this()](result<addresses> found) {
          asio::post(*io, [weak, found = std::move(found)]() mutable {
            if (const auto self = weak.lock())
              self->on_resolved(std::move(found));
          });
        });
  }

  void end(failure why) override { finish(tl::unexpected{std::move(why)}); }

private:
  void finish(result<response> outcome) {
    if (!done_)
      return;
    const auto done = std::exchange(done_, nullptr);
    error_code ignored;
    deadline_.cancel();
    socket_.close(ignored);
    done(std::move(outcome));
  }

  void end_with(error_code code) {
    const auto where = to_string(where_);
    using error = beast::http::error;
    if (code == error::body_limit)
      end({errc::exhausted, fmt::format("the answer of {} is over {} bytes",
                                        where, answer_bytes_max)});
    else if (code == error::end_of_stream || code == error::partial_message
             || code == asio::error::eof)
      end({errc::unavailable,
           fmt::format("{} closed the connection before its answer to {} was "
                       "complete",
                       where, doing_)});
    else if (code.category() == make_error_code(error::bad_method).category())
      end({errc::unavailable, fmt::format("what {} answers is not HTTP: {}",
                                          where, code.message())});
    else if (code == boost::system::errc::permission_denied)
      end({errc::permission_denied,
           fmt::format("{} belongs to another user: {}", where,
                       code.message())});
    else
      end({errc::unavailable,
           fmt::format("{} cannot be reached: {}", where, code.message())});
  }

  void on_resolved(result<addresses> found) {
    if (!done_)
      return;
    if (!found)
      end(found.error());
    else
      connect(*std::move(found));
  }

  void connect(addresses candidates) {
    candidates_ = std::move(candidates);
    connect_next({});
  }

  void connect_next(error_code last) {
    if (!done_)
      return;
    if (candidates_.empty())
      return end_with(last);
    const auto next = candidates_.front();
    candidates_.erase(candidates_.begin());
    error_code code;
    socket_.close(code);
    // Asio's own sockets would pass to child processes.
    unique_fd fd{
        ::socket(next.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (fd.get() < 0)
      return connect_next({errno, boost::system::system_category()});
    socket_.assign(stream_protocol{next.family(), 0}, fd.get(), code);
    if (code)
      return connect_next(code);
    fd.release();
    const stream_protocol::endpoint endpoint{next.data(), next.length};
    socket_.async_connect(endpoint,
                          [self = shared_from_this()](error_code connected) {
                            if (connected)
                              self->connect_next(connected);
                            else
                              self->send();
                          });
  }

  void send() {
    if (!done_)
      return;
    beast::http::async_write(
        socket_, message_,
        [self = shared_from_this()](error_code code, std::size_t) {
          // A server that refuses a request may answer and close before it has
          // read all of it.
          if (self->done_)
            self->receive(code);
        });
  }

  void receive(error_code sent) {
    beast::http::async_read(
        socket_, buffer_, parser_,
        [self = shared_from_this(), sent](error_code code, std::size_t) {
          if (!self->done_)
            return;
          if (code)
            self->end_with(sent ? sent : code);
          else
            self->on_answer();
        });
  }

  void on_answer() {
    auto message = parser_.release();
    response answer;
    answer.status = message.result_int();
    const auto type = message[beast::http::field::content_type];
    answer.content_type.assign(type.data(), type.size());
    answer.body = std::move(message.body());
    finish(std::move(answer));
  }

  const address where_;
  beast::http::request<beast::http::string_body> message_;
  /// "GET /path", for messages.
  const std::string doing_ =
      fmt::format("{} {}", std::string_view{message_.method_string()},
                  std::string_view{message_.target()});
  /// Empty once it has been called.
  callback done_;
  const std::weak_ptr<asio::io_context> io_;
  addresses candidates_;
  stream_protocol::socket socket_;
  asio::steady_timer deadline_;
  beast::flat_buffer buffer_;
  beast::http::response_parser<beast::http::string_body> parser_;
};

/// An exchange that ended before it began.
class ended_exchange : public exchange {
public:
  void end(failure) override {}
};

} // namespace

std::shared_ptr<exchange>
exchange::start(const std::shared_ptr<asio::io_context>& io,
                const address& where, const request& what,
                std::chrono::milliseconds timeout, callback done) {
  if (auto checked = check_call(where, what, timeout); !checked) {
    done(pass_on(checked));
    return std::make_shared<ended_exchange>();
  }
  auto made =
      std::make_shared<exchange_state>(io, where, what, std::move(done));
  made->run(timeout);
  return made;
}

} // namespace weft::http

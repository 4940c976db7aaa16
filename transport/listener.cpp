#include "transport/listener.hpp"

#include "config/endpoint.hpp"
#include "transport/refusal_report.hpp"
#include "transport/resolve.hpp"
#include "transport/scribe.hpp"

#include <fcntl.h>

namespace weft::transport {

namespace {

using tcp = boost::asio::ip::tcp;
using clock = std::chrono::steady_clock;

constexpr auto pause_without_descriptors = std::chrono::milliseconds{100};

std::string format(const tcp::endpoint& from) {
  return config::format_endpoint({from.address().to_string(), from.port()});
}

boost::system::error_code bind_and_listen(tcp::acceptor& acceptor,
                                          const tcp::endpoint& address) {
  boost::system::error_code error;
  acceptor.open(address.protocol(), error);
  if (!error) {
    ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
    acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
  }
  if (!error)
    acceptor.bind(address, error);
  if (!error)
    acceptor.listen(tcp::acceptor::max_listen_connections, error);
  return error;
}

failure explain_listen(const config::endpoint& where,
                       boost::system::error_code error) {
  const auto place = config::format_endpoint(where);
  if (error == boost::asio::error::address_in_use)
    return {errc::already_exists,
            "cannot listen on " + place
                + ": another process uses this port; stop it (ss -ltnp shows "
                  "it) or give the node another port"};
  if (error == boost::asio::error::access_denied)
    return {errc::permission_denied,
            "cannot listen on " + place
                + ": this user may not; take a port above 1023"};
  if (error == boost::system::errc::address_not_available)
    return {errc::not_found,
            "cannot listen on " + place
                + ": this machine has no such address; take one of its own"};
  return {errc::io, "cannot listen on " + place + ": " + error.message()};
}

} // namespace

result<tcp::acceptor> open_acceptor(boost::asio::io_context& io,
                                    const config::endpoint& where) {
  auto addresses = resolve_now(where);
  if (!addresses)
    return fail(addresses.error().code, "cannot listen on "
                                            + config::format_endpoint(where)
                                            + ": " + addresses.error().message);
  boost::system::error_code error;
  for (const auto& address : *addresses) {
    tcp::acceptor acceptor{io};
    error = bind_and_listen(acceptor, address);
    if (!error)
      return acceptor;
  }
  return tl::unexpected(explain_listen(where, error));
}

listener::listener(carrier_context& context, tcp::acceptor acceptor,
                   std::uint16_t port, caf::strong_actor_ptr entry)
    : context_{context}, acceptor_{std::move(acceptor)}, entry_{std::move(
                                                             entry)},
      port_{port}, pause_{*context.io}, admission_{context.options.admission} {}

void listener::start() {
  accept_next();
}

void listener::stop() {
  stopped_ = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  for (auto& [id, opening] : std::exchange(half_open_, {}))
    opening->abandon({refusal_kind::closed, "we stopped"});
}

void listener::accept_next() {
  if (stopped_)
    return;
  const auto wait = admission_.wait_time(clock::now());
  if (wait.count() > 0)
    return pause(wait);
  acceptor_.async_accept(
      [self = shared_from_this()](auto error, tcp::socket socket) {
        self->on_accepted(error, std::move(socket));
      });
}

void listener::pause(std::chrono::nanoseconds time) {
  pause_.expires_after(time);
  pause_.async_wait([self = shared_from_this()](auto error) {
    if (!error)
      self->accept_next();
  });
}

void listener::on_accepted(boost::system::error_code error,
                           tcp::socket socket) {
  if (stopped_)
    return;
  if (error == boost::asio::error::no_descriptors
      || error == boost::asio::error::no_buffer_space
      || error == boost::asio::error::no_memory) {
    report(context_, {refusal_kind::system, error.message()},
           "a connection: raise the limit on open files (ulimit -n)");
    return pause(pause_without_descriptors);
  }
  boost::system::error_code gone;
  const auto from = socket.remote_endpoint(gone);
  if (!error && !gone)
    admit(std::move(socket), from);
  else
    report(context_,
           {refusal_kind::closed, "it closed the connection without a word"},
           "a connection");
  accept_next();
}

void listener::admit(tcp::socket socket, const tcp::endpoint& from) {
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
  const auto id = next_id_++;
  const auto victim =
      admission_.arrive(id, from.address().to_string(), clock::now());
  if (victim) {
    const auto found = half_open_.find(*victim);
    if (found != half_open_.end()) {
      auto oldest = found->second;
      oldest->abandon({refusal_kind::limit,
                       "it was the oldest of too many half-open connections"});
    }
  }
  opening::options how;
  how.mine = role::accepting;
  how.timeout = context_.options.handshake_timeout;
  auto made =
      std::make_shared<opening>(context_, std::move(socket), std::move(how),
                                [self = shared_from_this(), id,
                                 from](tl::expected<opened, refusal> outcome) {
                                  self->on_opened(id, from, std::move(outcome));
                                });
  half_open_.emplace(id, made);
  made->start();
}

void listener::on_opened(std::uint64_t id, const tcp::endpoint& from,
                         tl::expected<opened, refusal> outcome) {
  admission_.leave(id);
  half_open_.erase(id);
  if (stopped_)
    return;
  if (outcome)
    hand_over(std::move(*outcome), from);
  else
    report(context_, outcome.error(), "a connection from " + format(from));
}

void listener::hand_over(opened connection, const tcp::endpoint& from) {
  boost::system::error_code error;
  const int socket = connection.socket.release(error);
  if (error)
    return report(context_, {refusal_kind::system, error.message()},
                  "a connection from " + format(from));
  context_.log(config::log_level::debug,
               "node " + connection.name + " connected from " + format(from));
  auto report = report_on_peer(context_, connection.name);
  auto made = make_scribe(context_.system,
                          {socket, std::move(connection.stream),
                           std::move(connection.name), context_.connections,
                           role::accepting, context_.options.cluster,
                           std::move(report)});
  context_.gateway.accept(std::move(made.scribe), port_, entry_);
}

} // namespace weft::transport

#include "transport/dial.hpp"

#include "config/endpoint.hpp"
#include "runtime/base/text.hpp"
#include "transport/core/redial.hpp"
#include "transport/refusal_report.hpp"
#include "transport/scribe.hpp"

#include <boost/asio/post.hpp>

#include <fcntl.h>

namespace weft::transport {

namespace {

using clock = std::chrono::steady_clock;

} // namespace

dial::dial(carrier_context& context, request asked,
           std::function<void(const std::shared_ptr<dial>&)> ended)
    : context_{context}, asked_{std::move(asked)}, ended_{std::move(ended)},
      deadline_{clock::now() + asked_.timeout}, timer_{*context.io},
      pause_{*context.io} {}

void dial::start() {
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](auto error) {
    if (!error)
      self->fail_with(errc::timed_out,
                      self->stage_ + " took longer than "
                          + format_duration(self->asked_.timeout));
  });
  stage_ = "looking up its host name";
  resolve(context_.io, asked_.where,
          [weak = weak_from_this()](result<tcp_endpoints> found) {
            if (auto self = weak.lock())
              self->on_resolved(std::move(found));
          });
}

void dial::cancel() {
  fail_with(errc::cancelled, "the network layer stopped meanwhile");
}

bool dial::yield() {
  const auto opening = opening_;
  if (!opening)
    return false;
  opening->abandon({refusal_kind::busy, "it dialed us at the same time"});
  return true;
}

void dial::on_resolved(result<tcp_endpoints> found) {
  if (!asked_.done)
    return;
  if (!found)
    return fail_with(found.error().code, found.error().message);
  addresses_ = std::move(*found);
  attempt();
}

void dial::attempt() {
  ++attempts_;
  next_address_ = 0;
  try_next_address();
}

void dial::try_next_address() {
  stage_ = "the TCP connection";
  const auto& address = addresses_[next_address_++];
  socket_.emplace(*context_.io);
  boost::system::error_code error;
  socket_->open(address.protocol(), error);
  if (error)
    return on_connected(error);
  ::fcntl(socket_->native_handle(), F_SETFD, FD_CLOEXEC);
  // An address that never answers leaves time for those after it.
  const auto left = addresses_.size() - next_address_ + 1;
  pause_.expires_after(remaining() / static_cast<long>(left));
  if (left > 1)
    pause_.async_wait([self = shared_from_this()](auto expired) {
      if (!expired && self->socket_)
        self->socket_->cancel(expired);
    });
  socket_->async_connect(address, [self = shared_from_this()](auto failed) {
    self->on_connected(failed);
  });
}

void dial::on_connected(boost::system::error_code error) {
  pause_.cancel();
  if (!asked_.done)
    return;
  if (error && next_address_ < addresses_.size())
    return try_next_address();
  if (error == boost::asio::error::connection_refused)
    return fail_with(errc::unavailable,
                     "nothing listens there (connection refused)");
  if (error)
    return fail_with(errc::unavailable, error.message());
  stage_ = "the handshake";
  opening::options how;
  how.mine = role::dialing;
  how.expected = asked_.name;
  how.timeout = remaining();
  how.commit = [this] { commit(); };
  opening_ = std::make_shared<opening>(
      context_, std::move(*socket_), std::move(how),
      [self = shared_from_this()](tl::expected<opened, refusal> outcome) {
        self->on_opened(std::move(outcome));
      });
  socket_.reset();
  opening_->start();
}

void dial::on_opened(tl::expected<opened, refusal> outcome) {
  opening_.reset();
  if (!asked_.done)
    return settle();
  if (!outcome && outcome.error().kind == refusal_kind::busy)
    return again();
  if (!outcome)
    return fail_with(code_of(outcome.error().kind), outcome.error().text);
  stage_ = "CAF's handshake";
  boost::system::error_code error;
  const auto port = outcome->socket.remote_endpoint(error).port();
  const int socket = outcome->socket.release(error);
  if (error)
    return fail_with(errc::io, error.message());
  auto made =
      make_scribe(context_.system, {socket, std::move(outcome->stream),
                                    outcome->name, context_.connections,
                                    role::dialing, context_.options.cluster,
                                    report_on_peer(context_, outcome->name)});
  handed_over_ = made.token;
  context_.gateway.dial(
      std::move(made.scribe), port, remaining(),
      [io = context_.io, weak = weak_from_this(), name = outcome->name,
       token = made.token](result<basp_gateway::answer> answer) {
        boost::asio::post(*io, [=] {
          if (auto self = weak.lock())
            self->on_answer(answer, name, token);
        });
      });
}

void dial::on_answer(result<basp_gateway::answer> answer,
                     const std::string& name, std::uint64_t token) {
  settle();
  if (!answer)
    context_.connections->close(token);
  handed_over_ = 0;
  if (!asked_.done)
    return;
  if (!answer && answer.error().code == errc::cancelled)
    return again();
  if (!answer)
    return fail_with(answer.error().code, answer.error().message);
  if (answer->node == context_.system.node())
    return fail_with(errc::invalid_argument, "it is this node itself");
  finish(peer{answer->node, name, answer->entry});
}

void dial::commit() {
  committed_ = true;
  context_.committed[asked_.name].insert(this);
}

/// The peer no longer has to keep from dialing us.
void dial::settle() {
  if (!std::exchange(committed_, false))
    return;
  const auto found = context_.committed.find(asked_.name);
  found->second.erase(this);
  if (found->second.empty())
    context_.committed.erase(found);
}

void dial::again() {
  settle();
  stage_ = "waiting for the peer's own connection";
  pause_.expires_after(
      redial_delay(attempts_, context_.options.node, asked_.name));
  pause_.async_wait([self = shared_from_this()](auto error) {
    if (!error && self->asked_.done)
      self->attempt();
  });
}

void dial::fail_with(errc code, const std::string& why) {
  if (!asked_.done)
    return;
  finish(fail(code, "cannot connect to node " + asked_.name + " at "
                        + config::format_endpoint(asked_.where) + ": " + why));
}

void dial::finish(result<peer> outcome) {
  auto self = shared_from_this();
  auto done = std::exchange(asked_.done, nullptr);
  timer_.cancel();
  pause_.cancel();
  if (socket_) {
    boost::system::error_code ignored;
    socket_->close(ignored);
  }
  if (auto opening = std::move(opening_))
    opening->abandon({refusal_kind::closed, "we gave up"});
  if (!outcome && handed_over_ != 0)
    context_.connections->close(handed_over_);
  settle();
  std::exchange(ended_, nullptr)(self);
  done(std::move(outcome));
}

std::chrono::nanoseconds dial::remaining() const {
  return std::max<std::chrono::nanoseconds>(deadline_ - clock::now(),
                                            std::chrono::milliseconds{1});
}

} // namespace weft::transport

#include "transport/opening.hpp"

#include "runtime/base/text.hpp"
#include "transport/dial.hpp"

#include <algorithm>
#include <utility>

namespace weft::transport {

namespace {

using socket_type = boost::asio::ip::tcp::socket;

refusal from_certificate(const failure& why) {
  return {refusal_kind::bad_certificate, why.message};
}

} // namespace

opening::opening(carrier_context& context, socket_type socket, options given,
                 callback done)
    : context_{context}, socket_{std::move(socket)}, options_{std::move(given)},
      done_{std::move(done)}, deadline_{*context.io} {}

void opening::start() {
  deadline_.expires_after(options_.timeout);
  deadline_.async_wait([self = shared_from_this()](auto error) {
    if (!error)
      self->abandon({refusal_kind::deadline,
                     "it did not finish " + self->describe_stage() + " within "
                         + format_duration(self->options_.timeout)});
  });
  boost::system::error_code error;
  socket_.non_blocking(true, error);
  if (!error)
    socket_.set_option(boost::asio::ip::tcp::no_delay{true}, error);
  if (error)
    return finish(tl::unexpected(
        refusal{refusal_kind::closed, "it is gone: " + error.message()}));
  if (!context_.ssl) {
    stream_.emplace(socket_.native_handle());
    return on_handshake();
  }
  auto secured = byte_stream::secured(socket_.native_handle(),
                                      context_.ssl.get(), options_.mine);
  if (!secured)
    return finish(
        tl::unexpected(refusal{refusal_kind::system, secured.error().message}));
  stream_ = std::move(*secured);
  advance();
}

void opening::abandon(refusal why) {
  finish(tl::unexpected(std::move(why)));
}

void opening::advance() {
  if (!done_)
    return;
  switch (stage_) {
  case stage::handshake:
    if (wait_after(stream_->handshake()))
      on_handshake();
    break;
  case stage::send:
    if (transfer())
      on_sent();
    break;
  case stage::header:
    if (transfer())
      on_header();
    break;
  case stage::body:
    if (transfer())
      on_body();
    break;
  }
}

/// True when the step is done; else it waits for the socket, or has failed.
bool opening::wait_after(const io_step& step) {
  if (step.state == io_state::done)
    return true;
  if (step.state == io_state::failed) {
    finish(tl::unexpected(verdict_ ? *verdict_ : stream_->why()));
    return false;
  }
  const auto wanted = step.state == io_state::want_read
                          ? socket_type::wait_read
                          : socket_type::wait_write;
  socket_.async_wait(wanted, [self = shared_from_this()](auto error) {
    if (!error)
      self->advance();
  });
  return false;
}

/// Moves the rest of `buffer_`; true when all of it is through.
bool opening::transfer() {
  while (transferred_ < buffer_.size()) {
    auto* from = buffer_.data() + transferred_;
    const auto bytes = buffer_.size() - transferred_;
    const auto step = stage_ == stage::send ? stream_->write(from, bytes)
                                            : stream_->read(from, bytes);
    if (!wait_after(step))
      return false;
    transferred_ += step.bytes;
  }
  return true;
}

void opening::on_handshake() {
  if (stream_->secure()) {
    auto names = name_in(stream_->peer_certificate().get());
    if (names)
      certified_ = std::move(*names);
    else
      verdict_ = from_certificate(names.error());
  }
  if (options_.mine == role::accepting)
    return receive(stage::header, greeting_header_bytes);
  if (certified_)
    verdict_ = judge(certified_->cluster, certified_->node);
  if (!verdict_ && options_.commit)
    options_.commit();
  send({verdict_ ? verdict::refused : verdict::welcome,
        context_.options.cluster, context_.options.node,
        verdict_ ? verdict_->text : ""});
}

void opening::send(greeting mine) {
  stage_ = stage::send;
  buffer_ = encode(mine);
  transferred_ = 0;
  advance();
}

void opening::receive(stage next, std::size_t bytes) {
  stage_ = next;
  buffer_.resize(bytes);
  transferred_ = 0;
  advance();
}

void opening::on_sent() {
  if (verdict_)
    return finish(tl::unexpected(std::move(*verdict_)));
  if (options_.mine == role::dialing)
    return receive(stage::header, greeting_header_bytes);
  finish(opened{std::move(socket_), std::move(*stream_), name_});
}

void opening::on_header() {
  const auto header =
      decode_header(std::span{buffer_}.first<greeting_header_bytes>());
  if (!header)
    return abandon({refusal_kind::garbled,
                    "it does not greet as a node: " + header.error().message});
  header_ = *header;
  receive(stage::body, header_.body_bytes);
}

void opening::on_body() {
  auto theirs = decode_body(header_, buffer_);
  if (!theirs)
    return abandon({refusal_kind::garbled,
                    "it does not greet as a node: " + theirs.error().message});
  if (theirs->answer == verdict::refused)
    return abandon({refusal_kind::refused_by_peer,
                    "it refused us: " + printable(theirs->reason, 512)});
  if (theirs->answer == verdict::busy)
    return abandon(
        {refusal_kind::busy, "its own connection to us is under way"});
  if (certified_
      && (certified_->cluster != theirs->cluster
          || certified_->node != theirs->node))
    verdict_ = refusal{refusal_kind::wrong_name,
                       "its certificate is for " + certified_->node + " of "
                           + certified_->cluster + ", but it says it is "
                           + theirs->node + " of " + theirs->cluster};
  if (!verdict_)
    verdict_ = judge(theirs->cluster, theirs->node);
  name_ = theirs->node;
  answer(std::move(*theirs));
}

/// The peer's greeting is here and judged: the dialer is through, the acceptor
/// answers.
void opening::answer(greeting theirs) {
  if (options_.mine == role::dialing) {
    if (verdict_)
      return abandon(std::move(*verdict_));
    if (stream_->pending() > 0)
      return abandon({refusal_kind::garbled, "it greets and keeps talking"});
    return finish(opened{std::move(socket_), std::move(*stream_), name_});
  }
  auto word = verdict_ ? verdict::refused : verdict::welcome;
  if (!verdict_ && !prefer_to_ours(theirs.node)) {
    word = verdict::busy;
    verdict_ = refusal{refusal_kind::busy,
                       "node " + theirs.node + " and we dialed each other"};
  }
  send({word, context_.options.cluster, context_.options.node,
        verdict_ ? verdict_->text : ""});
}

/// Both nodes may dial each other at once, but CAF must get one connection at
/// a time: it would drop each as the other's double. The lower name's wins,
/// unless the other's is in CAF's hands already.
bool opening::prefer_to_ours(const std::string& node) {
  const auto found = context_.committed.find(node);
  if (found == context_.committed.end())
    return true;
  if (context_.options.node < node)
    return false;
  const auto ours = found->second;
  return std::all_of(ours.begin(), ours.end(),
                     [](dial* each) { return each->yield(); });
}

std::optional<refusal> opening::judge(const std::string& cluster,
                                      const std::string& node) const {
  const auto& ours = context_.options;
  if (cluster != ours.cluster)
    return refusal{refusal_kind::other_cluster, "it belongs to cluster "
                                                    + cluster + ", expected "
                                                    + ours.cluster};
  if (node == ours.node)
    return refusal{refusal_kind::own_name,
                   "it shows our own name, " + node
                       + ": start each node of the file once, and dial others"};
  if (options_.mine == role::dialing && node != options_.expected)
    return refusal{refusal_kind::wrong_name,
                   "it is " + node + ", expected " + options_.expected
                       + ": compare its address with the cluster file"};
  if (options_.mine == role::accepting && !context_.peers.contains(node))
    return refusal{refusal_kind::unknown_name,
                   "node " + node
                       + " is not in the cluster: add it to the cluster file "
                         "of every node"};
  return std::nullopt;
}

std::string opening::describe_stage() const {
  if (stream_ && !stream_->heard())
    return "its first word";
  return stage_ == stage::handshake ? "the TLS handshake" : "its greeting";
}

void opening::finish(tl::expected<opened, refusal> outcome) {
  if (!done_)
    return;
  deadline_.cancel();
  if (!outcome) {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }
  std::exchange(done_, nullptr)(std::move(outcome));
}

} // namespace weft::transport

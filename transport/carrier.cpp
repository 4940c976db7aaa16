#include "transport/carrier.hpp"

#include "config/endpoint.hpp"
#include "runtime/base/assert.hpp"
#include "runtime/base/text.hpp"
#include "runtime/caf/node_identity.hpp"
#include "transport/carrier_context.hpp"
#include "transport/dial.hpp"
#include "transport/identity.hpp"
#include "transport/listener.hpp"
#include "transport/refusal_report.hpp"
#include "transport/scribe.hpp"
#include "transport/thread.hpp"
#include "transport/tls_context.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <mutex>
#include <pthread.h>
#include <system_error>
#include <thread>

namespace weft::transport {

namespace {

/// For CAF to let go of connections whose sockets are shut down.
constexpr auto drain_timeout = std::chrono::seconds{2};
constexpr auto name_timeout = std::chrono::seconds{2};
constexpr std::size_t names_max = 1024;

tl::unexpected<failure> stopped(std::string_view what) {
  return fail(errc::cancelled,
              std::string{what} + ": the network layer has stopped");
}

result<void> check(const carrier_options& options) {
  if (!is_name(options.cluster) || !is_name(options.node))
    return fail(errc::invalid_argument,
                "cluster \"" + options.cluster + "\" and node \"" + options.node
                    + "\" must be names: 1 to 64 characters of letters, "
                      "digits, _ . -");
  const auto& limits = options.admission;
  if (options.handshake_timeout.count() <= 0 || limits.half_open_max == 0
      || limits.half_open_per_address_max == 0 || limits.accept_burst == 0
      || limits.accepts_per_second == 0 || options.dialing_max == 0)
    return fail(errc::invalid_argument,
                "the limits of the network layer must be above zero");
  return {};
}

} // namespace

class carrier::implementation {
public:
  implementation(caf::actor_system& system, carrier_options options,
                 ssl_context_ptr tls, log_callback log)
      : context_{system, std::move(options), std::move(tls), std::move(log)} {}

  /// Throws std::system_error.
  void start() {
    thread_ = start_thread([this] {
      ::pthread_setname_np(::pthread_self(), "weft.carrier");
      context_.io->run();
    });
  }

  result<config::endpoint> listen(const config::endpoint& where,
                                  caf::strong_actor_ptr entry);
  void connect(dial::request asked);
  void name_of(caf::node_id node,
               std::function<void(result<std::string>)> done);
  void stop();

private:
  using name_callback = std::function<void(result<std::string>)>;

  bool post(std::function<void()> run);
  result<void> check_plain(const config::endpoint& where,
                           std::string_view doing) const;
  result<void> claim_listener();
  void begin(dial::request asked);
  void ask_name(const caf::node_id& node, name_callback done);
  void tear_down();

  carrier_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
      work_{context_.io->get_executor()};
  // Of the carrier's thread alone.
  std::shared_ptr<listener> listener_;
  std::set<std::shared_ptr<dial>> dials_;
  std::map<std::uint64_t, name_callback> names_;
  std::uint64_t next_name_ = 1;
  // Of all threads.
  std::mutex mutex_;
  bool listening_ = false;
  bool stopped_ = false;
  std::mutex stopping_;
  std::thread thread_;
};

/// Runs it in the carrier's thread; false when that has stopped.
bool carrier::implementation::post(std::function<void()> run) {
  std::lock_guard lock{mutex_};
  if (stopped_)
    return false;
  boost::asio::post(*context_.io, std::move(run));
  return true;
}

result<void>
carrier::implementation::check_plain(const config::endpoint& where,
                                     std::string_view doing) const {
  if (context_.ssl || config::is_loopback(where.host))
    return {};
  return fail(errc::permission_denied,
              "cannot " + std::string{doing} + " "
                  + config::format_endpoint(where)
                  + " without TLS: plain connections are for loopback only; "
                    "make certificates with \"weft certs\" and name them under "
                    "security.tls, or use 127.0.0.1");
}

result<config::endpoint>
carrier::implementation::listen(const config::endpoint& where,
                                caf::strong_actor_ptr entry) {
  if (auto good = check_plain(where, "listen on"); !good)
    return pass_on(good);
  if (auto free = claim_listener(); !free)
    return pass_on(free);
  // Not under the lock: a host name may take the resolver its time.
  auto acceptor = open_acceptor(*context_.io, where);
  boost::system::error_code error;
  const auto port =
      acceptor ? acceptor->local_endpoint(error).port() : std::uint16_t{0};
  std::lock_guard lock{mutex_};
  listening_ = acceptor && !error && !stopped_;
  if (!acceptor)
    return pass_on(acceptor);
  if (error)
    return fail(errc::io, "cannot listen on " + config::format_endpoint(where)
                              + ": " + error.message());
  if (stopped_)
    return stopped("cannot listen");
  auto made = std::make_shared<listener>(context_, std::move(*acceptor), port,
                                         std::move(entry));
  boost::asio::post(*context_.io, [this, made] {
    listener_ = made;
    made->start();
  });
  return config::endpoint{where.host, port};
}

result<void> carrier::implementation::claim_listener() {
  std::lock_guard lock{mutex_};
  if (stopped_)
    return stopped("cannot listen");
  if (std::exchange(listening_, true))
    return fail(errc::already_exists, "this node listens already");
  return {};
}

void carrier::implementation::connect(dial::request asked) {
  if (auto good = check_plain(asked.where, "connect to"); !good)
    return asked.done(pass_on(good));
  if (asked.name == context_.options.node)
    return asked.done(fail(errc::invalid_argument,
                           "a node does not connect to itself: " + asked.name));
  auto shared = std::make_shared<dial::request>(std::move(asked));
  if (!post([this, shared] { begin(std::move(*shared)); }))
    shared->done(stopped("cannot connect to node " + shared->name));
}

void carrier::implementation::begin(dial::request asked) {
  if (dials_.size() >= context_.options.dialing_max)
    return asked.done(
        fail(errc::exhausted, "cannot connect to node " + asked.name + ": "
                                  + std::to_string(dials_.size())
                                  + " connections are being dialed, which is "
                                    "the limit"));
  auto made = std::make_shared<dial>(
      context_, std::move(asked),
      [this](const std::shared_ptr<dial>& ended) { dials_.erase(ended); });
  dials_.insert(made);
  made->start();
}

void carrier::implementation::name_of(caf::node_id node, name_callback done) {
  if (node == context_.system.node())
    return done(context_.options.node);
  if (!context_.ssl)
    return done(fail(errc::unsupported,
                     "plain connections prove no name: use the name that the "
                     "node gives itself"));
  if (!post([this, node, done] { ask_name(node, done); }))
    done(stopped("cannot tell the node's name"));
}

void carrier::implementation::ask_name(const caf::node_id& node,
                                       name_callback done) {
  if (names_.size() >= names_max)
    return done(fail(errc::exhausted, "too many nodes' names are being asked "
                                      "for: ask again later"));
  const auto id = next_name_++;
  names_.emplace(id, std::move(done));
  context_.gateway.address_of(
      node, name_timeout,
      [this, io = context_.io, id](result<std::string> answer) {
        boost::asio::post(*io, [this, id, answer] {
          if (auto asked = names_.extract(id))
            asked.mapped()(answer);
        });
      });
}

/// In the carrier's thread: ends everything that is under way.
void carrier::implementation::tear_down() {
  if (listener_)
    listener_->stop();
  while (!dials_.empty())
    (*dials_.begin())->cancel();
  for (auto& [id, done] : std::exchange(names_, {}))
    done(stopped("cannot tell the node's name"));
  report_rest(context_);
  context_.connections->close_all();
  work_.reset();
  context_.io->stop();
}

void carrier::implementation::stop() {
  WEFT_ASSERT(std::this_thread::get_id() != thread_.get_id());
  std::lock_guard stopping{stopping_};
  {
    std::lock_guard lock{mutex_};
    if (std::exchange(stopped_, true))
      return;
    boost::asio::post(*context_.io, [this] { tear_down(); });
  }
  thread_.join();
  context_.gateway.wait_until_idle(drain_timeout);
  context_.connections->wait_until_empty(drain_timeout);
}

result<std::unique_ptr<carrier>> carrier::make(caf::actor_system& system,
                                               carrier_options options,
                                               log_callback log) {
  if (auto good = check(options); !good)
    return pass_on(good);
  if (host_of(own_node(system)) != host_of_node(options.cluster, options.node))
    return fail(errc::invalid_argument, "the actor system is not that of node "
                                            + options.node + " of cluster "
                                            + options.cluster);
  ssl_context_ptr tls;
  if (options.tls) {
    auto mine = load_identity(*options.tls, options.cluster, options.node,
                              std::chrono::system_clock::now());
    if (!mine)
      return pass_on(mine);
    auto made = make_tls_context(*mine);
    if (!made)
      return pass_on(made);
    tls = std::move(*made);
  }
  if (!log)
    log = [](config::log_level, std::string_view) {};
  auto made = std::make_unique<implementation>(system, std::move(options),
                                               std::move(tls), std::move(log));
  try {
    made->start();
  } catch (const std::system_error& error) {
    return fail(errc::exhausted,
                std::string{"cannot start the network layer's thread: "}
                    + error.what());
  }
  return std::unique_ptr<carrier>{new carrier{std::move(made)}};
}

carrier::carrier(std::unique_ptr<implementation> made)
    : implementation_{std::move(made)} {}

carrier::~carrier() {
  stop();
}

result<config::endpoint> carrier::listen(const config::endpoint& where,
                                         caf::strong_actor_ptr entry) {
  return implementation_->listen(where, std::move(entry));
}

void carrier::connect(config::endpoint where, std::string name,
                      std::chrono::nanoseconds timeout,
                      std::function<void(result<peer>)> done) {
  implementation_->connect(
      {std::move(where), std::move(name), timeout, std::move(done)});
}

void carrier::name_of(caf::node_id node,
                      std::function<void(result<std::string>)> done) {
  implementation_->name_of(std::move(node), std::move(done));
}

void carrier::stop() {
  implementation_->stop();
}

} // namespace weft::transport

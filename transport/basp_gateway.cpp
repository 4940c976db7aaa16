#include "transport/basp_gateway.hpp"

#include "runtime/caf/compat.hpp"
#include "runtime/caf/error.hpp"

#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/system_messages.hpp>

#include <condition_variable>
#include <mutex>
#include <set>

namespace weft::transport {

/// Counts the questions that are under way.
class in_flight {
public:
  void enter() {
    std::lock_guard lock{mutex_};
    ++count_;
  }

  void leave() {
    std::lock_guard lock{mutex_};
    if (--count_ == 0)
      idle_.notify_all();
  }

  bool wait(std::chrono::nanoseconds timeout) {
    std::unique_lock lock{mutex_};
    return idle_.wait_for(lock, timeout, [this] { return count_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable idle_;
  std::size_t count_ = 0;
};

namespace {

/// Leaves when the last handler of a question is gone, answered or not.
std::shared_ptr<void> enter(const std::shared_ptr<in_flight>& all) {
  all->enter();
  return {nullptr, [all](void*) { all->leave(); }};
}

failure explain(const caf::error& error) {
  if (error == caf::sec::connection_timeout)
    return {errc::cancelled, "CAF dropped the connection before its time"};
  if (error == caf::sec::incompatible_application_ids)
    return {errc::permission_denied, "it runs another application of CAF"};
  if (error == caf::sec::disconnect_during_handshake)
    return {errc::unavailable, "it closed the connection when CAF took over"};
  return from_caf(error);
}

} // namespace

basp_gateway::basp_gateway(caf::actor_system& system)
    : system_{system},
      broker_{system.middleman().named_broker<caf::io::basp_broker>(
          caf::atom("BASP"))},
      in_flight_{std::make_shared<in_flight>()} {}

void basp_gateway::accept(caf::io::scribe_ptr scribe, std::uint16_t port,
                          caf::strong_actor_ptr entry) {
  post(broker_, caf::publish_atom_v, std::move(scribe), port, std::move(entry),
       std::set<std::string>{});
}

void basp_gateway::dial(caf::io::scribe_ptr scribe, std::uint16_t port,
                        std::chrono::nanoseconds timeout,
                        std::function<void(result<answer>)> done) {
  // An actor for one question: it ends with the answer or the time-out.
  system_.spawn<caf::hidden>([=, broker = broker_, held = enter(in_flight_)](
                                 caf::event_based_actor* self) {
    request(self, broker, timeout, caf::connect_atom_v, scribe, port)
        .then(
            [done, held](const caf::node_id& node,
                         const caf::strong_actor_ptr& entry,
                         const std::set<std::string>&) {
              done(answer{node, entry});
            },
            [done, held](const caf::error& error) {
              done(tl::unexpected(explain(error)));
            });
  });
}

void basp_gateway::address_of(const caf::node_id& node,
                              std::chrono::nanoseconds timeout,
                              std::function<void(result<std::string>)> done) {
  system_.spawn<caf::hidden>([=, broker = broker_, held = enter(in_flight_)](
                                 caf::event_based_actor* self) {
    request(self, broker, timeout, caf::get_atom_v, node)
        .then(
            [done, held](const caf::node_id&, const std::string& address,
                         std::uint16_t) {
              if (address.empty())
                done(fail(errc::not_found,
                          "there is no direct connection to this node"));
              else
                done(address);
            },
            [done, held](const caf::error& error) {
              done(tl::unexpected(explain(error)));
            });
  });
}

bool basp_gateway::wait_until_idle(std::chrono::nanoseconds timeout) {
  return in_flight_->wait(timeout);
}

} // namespace weft::transport

#pragma once

#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/caf/error.hpp"

#include <caf/actor_proxy.hpp>
#include <caf/all.hpp>
#include <caf/make_actor.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace weft::actors {

/// An actor of another node, as CAF's network layer would represent it, without
/// a network: it keeps what it is sent, and can lose its connection.
class foreign_actor : public caf::actor_proxy {
public:
  using caf::actor_proxy::actor_proxy;

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    received.push_back(what->move_content_to_message());
  }

  void kill_proxy(caf::execution_unit* context, caf::error reason) override {
    cleanup(std::move(reason), context);
  }

  std::vector<caf::message> received;
};

/// A node that is not there: its id, and actors on it.
class foreign_node {
public:
  /// `number` tells foreign nodes apart; 1 to 255.
  foreign_node(caf::actor_system& system, int number)
      : system_{system}, id{make_id(number)} {}

  caf::strong_actor_ptr make() {
    caf::actor_config config;
    return caf::make_actor<foreign_actor, caf::strong_actor_ptr>(
        caf::actor_id{++last_}, id, &system_, config);
  }

  static foreign_actor& of(const caf::strong_actor_ptr& actor) {
    return *static_cast<foreign_actor*>(
        caf::actor_cast<caf::abstract_actor*>(actor));
  }

  /// What CAF does when the connection to the actor's node breaks.
  static void
  lose(const caf::strong_actor_ptr& actor,
       caf::error reason = caf::exit_reason::remote_link_unreachable) {
    of(actor).kill_proxy(nullptr, std::move(reason));
  }

  /// Sends a request as `from` does; the answer is in `received` once the
  /// system is drained.
  template <class Handle, class... Ts>
  static void ask(const caf::strong_actor_ptr& from, const Handle& to,
                  Ts&&... content) {
    caf::actor_cast<caf::strong_actor_ptr>(to)->enqueue(
        from, caf::message_id{caf::message_id::default_async_value | 1},
        caf::make_message(std::forward<Ts>(content)...), nullptr);
  }

  /// The answer to the last `ask`.
  template <class Reply>
  static result<Reply> answer(const caf::strong_actor_ptr& to) {
    auto& received = of(to).received;
    if (received.empty())
      return fail(errc::internal, "no answer yet");
    const auto last = std::move(received.back());
    received.pop_back();
    if (last.template match_elements<Reply>())
      return last.template get_as<Reply>(0);
    if (last.template match_elements<caf::error>())
      return tl::unexpected(from_caf(last.template get_as<caf::error>(0)));
    return fail(errc::internal, "something else: " + to_string(last));
  }

private:
  static caf::node_id make_id(int number) {
    caf::node_id::default_data::host_id_type host{};
    host.front() = static_cast<std::uint8_t>(number);
    return caf::make_node_id(static_cast<std::uint32_t>(number), host);
  }

  caf::actor_system& system_;
  caf::actor_id last_ = 1000;

public:
  caf::node_id id;
};

} // namespace weft::actors

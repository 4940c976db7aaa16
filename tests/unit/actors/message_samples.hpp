#pragma once

#include "actors/type_ids.hpp"

namespace weft::actors {

/// A value of a message type in which every field differs from its default, so
/// that a field that `inspect` forgets is seen. `actor` fills the handles. One
/// specialization for each type of the block in actors/type_ids.hpp: a type
/// without one does not compile.
template <class T>
T sample(const caf::strong_actor_ptr& actor) = delete;

inline service_info service_sample() {
  return {service_kind::space,
          "n1,n2",
          "memory",
          {"blocking"},
          {{"zone", "eu"}},
          "1.2",
          service_health::degraded,
          2'000};
}

template <>
inline registration sample(const caf::strong_actor_ptr& actor) {
  return {"hello/a", "hello.greeter", "n1", actor, 7, service_sample()};
}

template <>
inline renew_service sample(const caf::strong_actor_ptr& actor) {
  return {"service/lab/a/b", actor, {service_health::stopping, 3, 2}};
}

template <>
inline discover_services sample(const caf::strong_actor_ptr&) {
  return {"lab",
          "a",
          {service_kind::space,
           {"blocking"},
           {{"zone", "eu"}},
           "memory",
           {service_health::stopping}},
          "service/lab/a/b",
          7};
}

template <>
inline service_page sample(const caf::strong_actor_ptr& actor) {
  return {{sample<registration>(actor)}, "service/lab/a/b"};
}

template <>
inline register_name sample(const caf::strong_actor_ptr& actor) {
  return {sample<registration>(actor)};
}

template <>
inline look_up_name sample(const caf::strong_actor_ptr&) {
  return {"hello/a"};
}

template <>
inline list_names sample(const caf::strong_actor_ptr&) {
  return {"hello/"};
}

template <>
inline unregister_name sample(const caf::strong_actor_ptr& actor) {
  return {"hello/a", actor};
}

template <>
inline watch_names sample(const caf::strong_actor_ptr& actor) {
  return {"hello/", actor, true};
}

template <>
inline unwatch_names sample(const caf::strong_actor_ptr& actor) {
  return {sample<watch_names>(actor)};
}

template <>
inline name_event sample(const caf::strong_actor_ptr& actor) {
  return {sample<registration>(actor), false};
}

template <>
inline std::vector<registration> sample(const caf::strong_actor_ptr& actor) {
  return {sample<registration>(actor), {}};
}

template <>
inline keep_name sample(const caf::strong_actor_ptr& actor) {
  return {sample<registration>(actor)};
}

template <>
inline spawn_request sample(const caf::strong_actor_ptr&) {
  return {"r1", "hello.greeter", "ada", "[1]", "permanent"};
}

template <>
inline spawned sample(const caf::strong_actor_ptr& actor) {
  return {actor, "n1/hello/ada"};
}

template <>
inline stop_spawned sample(const caf::strong_actor_ptr&) {
  return {"n1/hello/ada"};
}

template <>
inline watch_members sample(const caf::strong_actor_ptr& actor) {
  return {actor};
}

template <>
inline member_state sample(const caf::strong_actor_ptr&) {
  return member_state::left;
}

template <>
inline member_event sample(const caf::strong_actor_ptr&) {
  return {"n1", member_state::down, "lost", 3, 4, -5};
}

template <>
inline list_members sample(const caf::strong_actor_ptr&) {
  return {};
}

template <>
inline member sample(const caf::strong_actor_ptr& actor) {
  return {"n1",
          member_state::up,
          "back",
          "127.0.0.1:7001",
          actor->node(),
          actor,
          3,
          4,
          5,
          6};
}

template <>
inline std::vector<member> sample(const caf::strong_actor_ptr& actor) {
  return {sample<member>(actor), {}};
}

template <>
inline explain_member sample(const caf::strong_actor_ptr&) {
  return {"n1"};
}

template <>
inline evidence sample(const caf::strong_actor_ptr&) {
  return {"dial", "refused", 1, 2, 3};
}

template <>
inline std::vector<evidence> sample(const caf::strong_actor_ptr& actor) {
  return {sample<evidence>(actor), {}};
}

template <>
inline leave_cluster sample(const caf::strong_actor_ptr&) {
  return {"stop"};
}

template <>
inline hello sample(const caf::strong_actor_ptr& actor) {
  return {"demo", "n2", 3, "h1", "{}", 4, actor, actor, actor};
}

template <>
inline welcome sample(const caf::strong_actor_ptr& actor) {
  return {"demo", "n1", 3, "h1", actor, actor};
}

template <>
inline goodbye sample(const caf::strong_actor_ptr&) {
  return {"n1", 3, "stop"};
}

template <>
inline node_command sample(const caf::strong_actor_ptr&) {
  return {"kill", R"("n1/hello/ada")"};
}

template <>
inline open_session sample(const caf::strong_actor_ptr& actor) {
  return {7, true, actor};
}

template <>
inline session_packet sample(const caf::strong_actor_ptr&) {
  return {7, 3, 1, 2, std::string{"a\0b", 3}};
}

} // namespace weft::actors

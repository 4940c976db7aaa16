#include "spaces/calls.hpp"

namespace weft::spaces {

namespace {

constexpr std::size_t head_bytes = 64;

std::size_t bytes_of(const value& what) {
  const auto* array = std::get_if<f64_array>(&what.is);
  return array ? array->size() * sizeof(double) : 0;
}

template <class Tuples>
std::size_t bytes_of_all(const Tuples& tuples) {
  std::size_t sum = 0;
  for (const auto& each : tuples)
    sum += each.what.content_bytes() + head_bytes;
  return sum;
}

} // namespace

bool changes_something(const any_call& what) {
  return !std::holds_alternative<call::read>(what)
         && !std::holds_alternative<call::read_all>(what)
         && !std::holds_alternative<call::count>(what)
         && !std::holds_alternative<call::watch>(what)
         && !std::holds_alternative<call::statistics>(what)
         && !std::holds_alternative<call::list>(what)
         && !std::holds_alternative<call::next_part>(what);
}

bool may_hold(const any_call& what) {
  const auto holds = [](const auto& call) {
    if constexpr (requires { call.claim_lease; })
      if (call.claim_lease)
        return true;
    if constexpr (
        requires { call.participant; } || requires { call.options; }
        || requires { call.until; })
      return true;
    if constexpr (std::is_same_v<std::decay_t<decltype(call)>, call::list>)
      return true;
    if constexpr (requires { call.timeout; })
      return call.timeout > duration::zero();
    return false;
  };
  return std::visit(holds, what);
}

std::size_t content_bytes(const any_call& what) {
  const auto content = [](const auto& call) {
    std::size_t sum = head_bytes;
    if constexpr (requires { call.tuples; })
      sum += bytes_of_all(call.tuples);
    if constexpr (requires { call.writes; })
      sum += bytes_of_all(call.writes);
    if constexpr (requires { call.what.content_bytes(); })
      sum += call.what.content_bytes();
    if constexpr (requires { call.what->content_bytes(); })
      sum += call.what ? call.what->content_bytes() : 0;
    if constexpr (requires { call.with; })
      sum += call.with.what.content_bytes();
    if constexpr (requires { call.expected->content_bytes(); })
      sum += call.expected ? call.expected->content_bytes() : 0;
    if constexpr (requires { call.patterns; })
      for (const auto& each : call.patterns)
        sum += each.content_bytes();
    if constexpr (requires { call.contribution; })
      sum += call.name.size() + call.participant.size()
             + bytes_of(call.contribution);
    return sum;
  };
  return std::visit(content, what);
}

std::size_t content_bytes(const any_reply& what) {
  const auto content = [](const auto& reply) {
    std::size_t sum = head_bytes;
    if constexpr (requires { reply.tuples; })
      sum += bytes_of_all(reply.tuples);
    if constexpr (requires { reply.list; })
      sum += bytes_of_all(reply.list);
    if constexpr (requires { reply.found->what; })
      sum += reply.found ? reply.found->what.content_bytes() : 0;
    if constexpr (requires { reply.outcome; })
      sum += reply.outcome ? bytes_of(*reply.outcome) : 0;
    return sum;
  };
  return std::visit(content, what);
}

} // namespace weft::spaces

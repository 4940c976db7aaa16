#pragma once

#include "config/options.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace weft::config {

/// The struct that the keys of one part of a cluster file belong to: the
/// whole, or one element of a list.
using owner = std::variant<cluster_options*, node_options*, space_options*,
                           actor_options*, job_options*>;

/// The member that a key sets; nothing for keys that only hold others.
using field =
    std::variant<std::monostate, bool*, std::uint32_t*, std::uint64_t*, double*,
                 std::chrono::nanoseconds*, std::string*, endpoint*,
                 std::optional<endpoint>*, log_format*, log_level*,
                 restart_kind*, space_backend*, space_routing*,
                 space_placement*, arguments*, std::vector<std::string>*,
                 std::vector<std::uint32_t>*, std::map<std::string, log_level>*,
                 std::vector<module_options>*, std::vector<node_options>*,
                 std::vector<space_options>*, std::vector<actor_options>*,
                 std::vector<job_options>*>;

/// Finds a key's member in its owner.
using binding = field (*)(owner);

template <class MemberPointer>
struct class_of;

template <class Class, class Member>
struct class_of<Member Class::*> {
  using type = Class;
};

/// The binding along a chain of members:
/// `at<&cluster_options::caf, &caf_options::threads>`.
template <auto First, auto... Rest>
field at(owner whole) {
  using whole_type = typename class_of<decltype(First)>::type;
  auto& first = std::get<whole_type*>(whole)->*First;
  return &(first.*....*Rest);
}

} // namespace weft::config

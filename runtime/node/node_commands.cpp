#include "runtime/node/node_commands.hpp"

#include "runtime/base/json_text.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/module/ask.hpp"
#include "runtime/node/tree_json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <unistd.h>

namespace weft {

namespace {

using namespace std::chrono_literals;
using modules::ask_then;

constexpr auto local_timeout = 5s;
constexpr auto peer_timeout = 5s;

std::uint64_t milliseconds_since(std::chrono::steady_clock::time_point then) {
  const auto passed = std::chrono::steady_clock::now() - then;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
}

nlohmann::json view_of(const actors::member& member) {
  return {{"name", member.name},
          {"state", actors::to_string(member.state)},
          {"reason", member.reason},
          {"listen", member.address},
          {"incarnation", member.incarnation},
          {"restarts", member.restarts},
          {"since_ns", member.since}};
}

result<nlohmann::json> parse(const result<std::string>& text) {
  if (!text)
    return tl::unexpected(text.error());
  auto parsed = nlohmann::json::parse(*text, nullptr, false);
  if (parsed.is_discarded())
    return fail(errc::internal, "the node's answer is no JSON");
  return parsed;
}

result<std::string> path_argument(const std::string& json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("path")
      || !parsed["path"].is_string())
    return fail(errc::invalid_argument, "kill: expected {\"path\": string}");
  return parsed["path"].get<std::string>();
}

} // namespace

node_commands::node_commands(std::shared_ptr<node_services> services)
    : services_{std::move(services)} {}

void node_commands::run(caf::event_based_actor* self,
                        const actors::node_command& what, answer done) {
  if (what.verb == "status")
    return own_status(self, std::move(done));
  if (what.verb == "tree")
    return tree(self, std::move(done));
  if (what.verb == "members")
    return members(self, std::move(done));
  if (what.verb != "kill")
    return done(
        fail(errc::unsupported, fmt::format("node {} has no command \"{}\"",
                                            services_->name, what.verb)));
  const auto path = path_argument(what.argument_json);
  if (!path)
    return done(tl::unexpected(path.error()));
  kill_here(self, *path, std::move(done));
}

void node_commands::own_status(caf::event_based_actor* self, answer done) {
  supervision::tree_request whole;
  whole.deadline_ms = 1000;
  ask_then<supervision::tree_node>(
      self, services_->root.get(), local_timeout,
      [services = services_, done](const result<supervision::tree_node>& tree) {
        if (!tree)
          return done(tl::unexpected(tree.error()));
        done(
            nlohmann::json{{"name", services->name},
                           {"pid", getpid()},
                           {"listen", services->listen},
                           {"http", services->http},
                           {"incarnation", services->incarnation},
                           {"uptime_ms", milliseconds_since(services->started)},
                           {"actors", running_workers(*tree)}});
      },
      whole);
}

void node_commands::tree(caf::event_based_actor* self, answer done) {
  ask_then<supervision::tree_node>(
      self, services_->root.get(), local_timeout,
      [services = services_, done](const result<supervision::tree_node>& tree) {
        if (!tree)
          return done(tl::unexpected(tree.error()));
        auto view = to_json(*tree);
        // The root has no supervisor that would know since when it runs.
        view["uptime_ms"] = milliseconds_since(services->started);
        done(std::move(view));
      },
      supervision::tree_request{});
}

void node_commands::members(caf::event_based_actor* self, answer done) {
  ask_then<std::vector<actors::member>>(
      self, services_->membership.get(), local_timeout,
      [done](const result<std::vector<actors::member>>& members) {
        if (!members)
          return done(tl::unexpected(members.error()));
        auto views = nlohmann::json::array();
        for (const auto& member : *members)
          views.push_back(view_of(member));
        done(std::move(views));
      },
      actors::list_members{});
}

void node_commands::kill_here(caf::event_based_actor* self,
                              const std::string& path, answer done) {
  supervision::kill_child what;
  what.path = path;
  what.reason = "an operator killed it";
  ask_then<std::string>(
      self, services_->root.get(), local_timeout,
      [done](const result<std::string>& killed) {
        if (killed)
          done(nlohmann::json{{"ok", true}, {"killed", *killed}});
        else
          done(tl::unexpected(killed.error()));
      },
      std::move(what));
}

void node_commands::kill(caf::event_based_actor* self, const std::string& path,
                         answer done) {
  const auto slash = path.find('/');
  const auto node = path.substr(0, slash);
  if (slash == std::string::npos || slash + 1 == path.size())
    return done(fail(errc::invalid_argument,
                     fmt::format("expected NODE/SUPERVISOR/ACTOR as `weft "
                                 "tree` shows it, got \"{}\"",
                                 path)));
  const auto rest = path.substr(slash + 1);
  if (node == services_->name)
    return kill_here(self, rest, std::move(done));
  const auto peer = services_->directory->find(node);
  if (!peer)
    return done(
        fail(errc::not_found, fmt::format("node {} is not up, as {} sees it",
                                          node, services_->name)));
  const nlohmann::json argument{{"path", rest}};
  ask_peer(self, *peer, {"kill", json_text(argument)}, std::move(done));
}

void node_commands::ask_peer(caf::event_based_actor* self,
                             const actors::peer& peer,
                             actors::node_command what, answer done) {
  ask_then<std::string>(
      self, peer.entry, peer_timeout,
      [done](const result<std::string>& text) { done(parse(text)); },
      std::move(what));
}

void node_commands::ask_all(caf::event_based_actor* self,
                            const actors::node_command& what,
                            std::function<void(answers)> done) {
  struct gathering {
    answers said;
    std::size_t missing = 0;
  };
  auto state = std::make_shared<gathering>();
  auto peers = services_->directory->all();
  std::erase_if(peers,
                [&](const auto& peer) { return peer.name == services_->name; });
  state->missing = peers.size() + 1;
  const auto keep = [state, done](const std::string& name) {
    return [state, done, name](result<nlohmann::json> one) {
      state->said.insert_or_assign(name, std::move(one));
      if (--state->missing == 0)
        done(std::move(state->said));
    };
  };
  for (const auto& peer : peers)
    ask_peer(self, peer, what, keep(peer.name));
  run(self, what, keep(services_->name));
}

nlohmann::json node_commands::merged_status(const nlohmann::json& members,
                                            const answers& said) const {
  auto nodes = nlohmann::json::array();
  for (auto node : members) {
    const auto found = said.find(node["name"].get<std::string>());
    if (found != said.end() && found->second)
      node.update(*found->second);
    else if (found != said.end())
      node["reason"] = "no answer: " + found->second.error().message;
    nodes.push_back(std::move(node));
  }
  return {{"ok", true},
          {"cluster", services_->options->cluster},
          {"seen_by", services_->name},
          {"nodes", std::move(nodes)}};
}

void node_commands::cluster_status(caf::event_based_actor* self, answer done) {
  auto me = shared_from_this();
  members(self, [me, self, done](result<nlohmann::json> own) {
    if (!own)
      return done(std::move(own));
    me->ask_all(self, {"status", "null"}, [=](answers said) {
      auto status = me->merged_status(*own, said);
      const auto first =
          me->services_->directory->find(me->services_->first_node);
      if (me->services_->is_first() || !first)
        return done(std::move(status));
      // The first node has seen every restart; another one may have come
      // later.
      me->ask_peer(self, *first, {"members", "null"},
                   [status, done](const result<nlohmann::json>& seen) mutable {
                     if (seen && seen->size() == status["nodes"].size())
                       for (std::size_t i = 0; i < seen->size(); ++i)
                         status["nodes"][i]["restarts"] =
                             (*seen)[i]["restarts"];
                     done(std::move(status));
                   });
    });
  });
}

void node_commands::cluster_trees(caf::event_based_actor* self, answer done) {
  auto me = shared_from_this();
  ask_all(self, {"tree", "null"}, [me, done](const answers& said) {
    auto trees = nlohmann::json::array();
    for (const auto& node : me->services_->options->nodes) {
      const auto found = said.find(node.name);
      if (found == said.end() || !found->second)
        trees.push_back(
            {{"name", node.name},
             {"kind", "supervisor"},
             {"state", found == said.end() ? "absent" : "unresponsive"},
             {"children", nlohmann::json::array()}});
      else
        trees.push_back(*found->second);
    }
    done(nlohmann::json{{"ok", true}, {"trees", std::move(trees)}});
  });
}

} // namespace weft

#include "runtime/node/node_network.hpp"

#include "config/endpoint.hpp"
#include "config/node_path.hpp"
#include "runtime/base/draft_file.hpp"
#include "runtime/base/text.hpp"
#include "runtime/launcher/run_directory.hpp"
#include "runtime/node/log_setup.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace weft {

namespace {

constexpr std::chrono::seconds dial_timeout{5};

const config::node_options* find_node(const config::cluster_options& cluster,
                                      const std::string& name) {
  const auto found =
      std::ranges::find(cluster.nodes, name, &config::node_options::name);
  return found == cluster.nodes.end() ? nullptr : &*found;
}

} // namespace

transport::carrier_options
carrier_options_of(const config::cluster_options& cluster,
                   const std::string& node, const launcher::run_paths& paths) {
  transport::carrier_options options;
  options.cluster = cluster.cluster;
  options.node = node;
  for (const auto& other : cluster.nodes)
    if (other.name != node)
      options.peers.push_back(other.name);
  const auto& tls = cluster.security.tls;
  if (cluster.security.insecure)
    return options;
  if (tls.ca.empty())
    options.tls = transport::identity_files{
        paths.tls() + "/ca.pem", fmt::format("{}/{}.pem", paths.tls(), node),
        fmt::format("{}/{}.key", paths.tls(), node)};
  else
    options.tls = transport::identity_files{config::with_node(tls.ca, node),
                                            config::with_node(tls.cert, node),
                                            config::with_node(tls.key, node)};
  return options;
}

result<config::endpoint> address_of(const config::node_options& node,
                                    const launcher::run_paths& paths) {
  if (node.listen.port != 0)
    return node.listen;
  const auto text = launcher::read_small_file(paths.node_address(node.name));
  if (!text)
    return fail(
        errc::unavailable,
        fmt::format("node {} has not said yet where it listens", node.name));
  auto address = config::parse_endpoint(trim(*text));
  if (!address)
    return fail(errc::unavailable, fmt::format("{} is not readable: {}",
                                               paths.node_address(node.name),
                                               address.error().message));
  return address;
}

node_network::node_network(const config::cluster_options& cluster,
                           std::string node, launcher::run_paths paths)
    : cluster_{cluster}, node_{std::move(node)}, paths_{std::move(paths)},
      proves_names_{!cluster.security.insecure} {}

result<std::shared_ptr<node_network>>
node_network::make(caf::actor_system& system,
                   const config::cluster_options& cluster,
                   const std::string& node, const launcher::run_paths& paths) {
  std::shared_ptr<node_network> network{new node_network{cluster, node, paths}};
  auto log = [logger = observe::get_logger("transport")](
                 config::log_level level, std::string_view text) {
    logger.write(log_level_of(level), text, {});
  };
  auto carrier = transport::carrier::make(
      system, carrier_options_of(cluster, node, paths), std::move(log));
  if (!carrier)
    return pass_on(carrier);
  network->carrier_ = *std::move(carrier);
  return network;
}

result<config::endpoint>
node_network::listen(const caf::strong_actor_ptr& entry) {
  const auto* self = find_node(cluster_, node_);
  auto bound = carrier_->listen(self->listen, entry);
  if (!bound)
    return bound;
  const auto text = config::format_endpoint(*bound) + '\n';
  if (auto kept = write_atomically(paths_.node_address(node_), text); !kept)
    return pass_on(kept);
  return bound;
}

void node_network::dial(const std::string& name,
                        std::function<void(result<actors::dialed>)> done) {
  const auto* peer = find_node(cluster_, name);
  if (!peer)
    return done(fail(errc::not_found,
                     fmt::format("the cluster file has no node {}", name)));
  auto address = address_of(*peer, paths_);
  if (!address)
    return done(pass_on(address));
  carrier_->connect(*address, name, dial_timeout,
                    [done](const result<transport::peer>& reached) {
                      if (!reached)
                        return done(tl::unexpected(reached.error()));
                      done(actors::dialed{reached->node, reached->entry});
                    });
}

void node_network::name_of(caf::node_id peer,
                           std::function<void(result<std::string>)> done) {
  carrier_->name_of(std::move(peer), std::move(done));
}

void node_network::stop() {
  carrier_->stop();
}

} // namespace weft

#include "runtime/node/node.hpp"

#include "config/endpoint.hpp"
#include "config/print.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/base/unique_fd.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/caf/system_config.hpp"
#include "runtime/launcher/run_directory.hpp"
#include "runtime/node/end_signal.hpp"
#include "runtime/node/incarnation.hpp"
#include "runtime/node/launcher_port.hpp"
#include "runtime/node/log_setup.hpp"
#include "runtime/node/message_types.hpp"
#include "runtime/node/module_check.hpp"
#include "runtime/node/node_lock.hpp"
#include "runtime/node/node_metrics.hpp"
#include "runtime/node/node_network.hpp"
#include "runtime/node/node_routes.hpp"
#include "runtime/node/node_tree.hpp"
#include "runtime/supervision/exits.hpp"
#include "runtime/supervision/unfinished_starts.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

namespace weft {

namespace {

using namespace std::chrono_literals;

/// From the order to stop until the tree has to be down.
constexpr auto tree_stop_timeout = 20s;
constexpr auto goodbye_timeout = 3s;
/// How long a start that takes too long is asked about.
constexpr auto tree_answer_timeout = 500ms;
/// From the end of the tree until all actors have to be down.
constexpr auto actors_end_timeout = 2s;
constexpr auto actors_end_poll = 2ms;

std::atomic<bool> some_left_running = false;

system_options system_options_of(const config::cluster_options& cluster,
                                 const std::string& node) {
  system_options options;
  options.threads = cluster.caf.threads;
  options.max_throughput = cluster.caf.max_throughput;
  options.heartbeat_interval = cluster.caf.heartbeat_interval;
  options.connection_timeout = cluster.caf.connection_timeout;
  // A cluster of one has nobody to talk to.
  options.network = cluster.nodes.size() > 1;
  options.cluster = cluster.cluster;
  options.node = node;
  return options;
}

const config::node_options& own_options(const node_services& services) {
  return *std::ranges::find(services.options->nodes, services.name,
                            &config::node_options::name);
}

/// What keeps a node's tree from being started: ": ..." or nothing.
std::string what_keeps(const node_services& services,
                       caf::actor_system& system) {
  caf::scoped_actor self{system};
  const auto tree = modules::ask<supervision::tree_node>(
      self.ptr(), services.root.get(), tree_answer_timeout,
      supervision::tree_request{.deadline_ms = 400});
  if (tree) {
    const auto unfinished = supervision::unfinished_starts(*tree);
    return unfinished.empty() ? "" : ": " + supervision::to_string(unfinished);
  }
  const auto starting = services.starts.text();
  return starting.empty() ? ": its supervision tree does not answer"
                          : ": what starts holds all threads: " + starting;
}

/// What the membership saw of another node, for people.
void log_report(const observe::logger& log,
                const actors::membership_report& what) {
  const auto write = [&](config::log_level level, std::string_view text) {
    const std::initializer_list<observe::field> more = {{"peer", what.node},
                                                        {"detail", what.text}};
    log.write(log_level_of(level), text, {more.begin(), more.size()});
  };
  if (what.kind == "up")
    write(config::log_level::info, "a node is up");
  else if (what.kind == "left")
    write(config::log_level::info, "a node has left");
  else if (what.kind == "down")
    write(config::log_level::warning, "a node is lost");
  else if (what.kind == "refused")
    write(config::log_level::warning, "a node is refused, or refuses us");
  else
    write(config::log_level::warning, "a node is not reached");
}

} // namespace

class node::implementation {
public:
  implementation(node_settings settings, std::stop_token stop)
      : settings_{std::move(settings)}, stop_{std::move(stop)},
        paths_{settings_.run_directory}, port_{settings_.run_directory},
        log_{observe::get_logger("node")} {}

  result<void> start();
  /// To be called before the end, once. False: actors run on, so this must
  /// not be destroyed.
  bool shut_down();
  result<void> wait() { return end_->wait(); }
  void stop(const std::string& reason) {
    log_.info("stopping", {{"reason", reason}});
    end_->set({});
  }

private:
  result<void> prepare();
  result<void> start_system();
  result<void> start_tree();
  result<void> await_tree();
  result<void> start_http();
  result<void> meet_earlier_nodes();
  result<void> report_ready();
  result<actors::membership_handles> start_membership();
  actors::membership_seams membership_seams() const;
  actors::process_starter starter();
  route_targets targets();
  void observe_event(const supervision::supervision_event& event);
  void watch_root();
  void log_failed_start(const failure& why);
  void stop_tree();
  bool await_actors();

  node_settings settings_;
  std::stop_token stop_;
  launcher::run_paths paths_;
  launcher_port port_;
  observe::logger log_;
  /// Shared with what may outlive this in an actor.
  std::shared_ptr<end_signal> end_ = std::make_shared<end_signal>();
  unique_fd lock_;
  std::atomic<bool> ready_ = false;
  /// The supervision tree ends by itself.
  std::atomic<bool> gave_up_ = false;
  std::shared_ptr<node_services> services_;
  std::shared_ptr<actors::cluster_handles> cluster_;
  std::optional<node_metrics> metrics_;
  std::unique_ptr<system_config> config_;
  std::unique_ptr<caf::actor_system> system_;
  std::optional<gateway> gateway_;
  std::shared_ptr<node_network> network_;
  context where_;
  http::server server_;
};

result<void> node::implementation::start() {
  for (const auto step :
       {&implementation::prepare, &implementation::start_system,
        &implementation::start_tree, &implementation::start_http,
        &implementation::meet_earlier_nodes, &implementation::report_ready})
    if (auto done = (this->*step)(); !done) {
      log_failed_start(done.error());
      return done;
    } else if (stop_.stop_requested()) {
      return fail(errc::cancelled, "it was told to stop while it started");
    }
  return {};
}

/// What is reported later comes too late when an actor keeps the parts from
/// being taken apart and the process is killed for it.
void node::implementation::log_failed_start(const failure& why) {
  if (!services_->root.get())
    return;
  if (why.code == errc::cancelled)
    log_.info("the start is given up", {{"reason", why.message}});
  else
    log_.error("the start failed", {{"reason", why.message}});
  observe::process_log().flush(1s);
}

result<void> node::implementation::prepare() {
  services_ = std::make_shared<node_services>();
  services_->name = settings_.name;
  services_->started = std::chrono::steady_clock::now();
  services_->options =
      std::make_shared<config::cluster_options>(settings_.options);
  services_->first_node = settings_.options.nodes.front().name;
  services_->metrics = std::make_shared<observe::metrics_registry>();
  services_->directory = std::make_shared<actors::peer_directory>();
  services_->spaces =
      std::make_shared<space_table>(*services_->options, services_->name);
  cluster_ = std::make_shared<actors::cluster_handles>();
  auto modules = load_and_check_modules(settings_.options);
  if (!modules.problems.empty())
    return fail(errc::invalid_argument, config::to_string(modules.problems));
  services_->types = modules.types;
  for (const auto& [name, definition] : services_->types->modules())
    services_->modules[name];
  // Before anything that others of this name could notice.
  auto lock = lock_node(paths_, settings_.name);
  if (!lock)
    return pass_on(lock);
  lock_ = *std::move(lock);
  auto incarnation = next_incarnation(
      fmt::format("{}/{}.incarnation", paths_.nodes(), settings_.name),
      std::chrono::system_clock::now());
  if (!incarnation)
    return pass_on(incarnation);
  services_->incarnation = *incarnation;
  return {};
}

result<void> node::implementation::start_system() {
  config_ = std::make_unique<system_config>(
      system_options_of(settings_.options, settings_.name));
  add_all_message_types(*config_);
  services_->types->add_message_types(*config_);
  system_ = std::make_unique<caf::actor_system>(*config_);
  gateway_.emplace(*system_);
  context_services shared;
  shared.node = services_->name;
  shared.options = services_->options;
  shared.metrics = services_->metrics;
  shared.registry = [directory = services_->directory] {
    return directory->registry();
  };
  shared.finder = [services = services_] {
    return actors::name_finder{services->finder.get()};
  };
  shared.known_name = [known = services_->known](const std::string& name) {
    return known->find(name);
  };
  shared.factory_of =
      [directory = services_->directory](
          const std::string& name) -> result<actors::factory_actor> {
    if (const auto peer = directory->find(name); peer && peer->factory)
      return peer->factory;
    return fail(errc::unavailable, fmt::format("node {} is not up", name));
  };
  shared.space_of = [spaces = services_->spaces](const std::string& tenant,
                                                 const std::string& name) {
    return spaces->find(tenant, name);
  };
  where_ = context{std::move(shared)};
  if (settings_.options.nodes.size() == 1)
    return {};
  auto network = node_network::make(*system_, *services_->options,
                                    services_->name, paths_);
  if (!network)
    return pass_on(network);
  network_ = *std::move(network);
  return {};
}

result<actors::membership_handles> node::implementation::start_membership() {
  const auto& cluster = *services_->options;
  actors::membership_options options;
  auto& settings = options.settings;
  settings.cluster = cluster.cluster;
  settings.self = services_->name;
  settings.incarnation = services_->incarnation;
  settings.config_hash = config::configuration_hash(cluster);
  settings.config = json_text(config::comparable_json(cluster));
  settings.seed = services_->incarnation;
  for (const auto& node : cluster.nodes) {
    settings.nodes.push_back(node.name);
    options.addresses[node.name] = config::format_endpoint(node.listen);
  }
  auto seams = membership_seams();
  auto handles = actors::spawn_membership(
      *system_, std::move(options), std::move(seams), services_->directory);
  if (!handles || !network_)
    return handles;
  auto bound =
      network_->listen(caf::actor_cast<caf::strong_actor_ptr>(handles->entry));
  if (!bound) {
    caf::anon_send_exit(handles->members, caf::exit_reason::kill);
    return pass_on(bound);
  }
  services_->listen = config::format_endpoint(*bound);
  log_.info("listening", {{"address", services_->listen}});
  return handles;
}

/// They own what they call, since the actor may live longer than the node.
actors::membership_seams node::implementation::membership_seams() const {
  actors::membership_seams seams;
  seams.registry = [services = services_] { return services->registry.get(); };
  seams.factory = [services = services_] { return services->factory.get(); };
  if (network_) {
    seams.dial = [network = network_](const std::string& name, auto done) {
      network->dial(name, std::move(done));
    };
    if (network_->proves_names())
      seams.name_of = [network = network_](caf::node_id peer, auto done) {
        network->name_of(std::move(peer), std::move(done));
      };
  } else {
    seams.dial = [](const std::string&, auto done) {
      done(fail(errc::unavailable, "a cluster of one has no network"));
    };
  }
  seams.run_command = [actors = *gateway_, services = services_](
                          const actors::node_command& what, auto done) {
    actors.run([services, what, done](caf::event_based_actor* self) {
      const auto commands = std::make_shared<node_commands>(services);
      commands->run(self, what, [done](const result<nlohmann::json>& answer) {
        if (answer)
          done(json_text(*answer));
        else
          done(tl::unexpected(answer.error()));
      });
    });
  };
  seams.report = [log = log_](const actors::membership_report& what) {
    log_report(log, what);
  };
  seams.fenced = [end = end_, name = services_->name](const auto& reason) {
    end->set(fail(errc::cancelled, fmt::format("another process is node {} "
                                               "now: {}",
                                               name, reason)));
  };
  return seams;
}

actors::process_starter node::implementation::starter() {
  actors::process_starter starter;
  starter.exists = port_.exists();
  starter.start = [this](const std::string& node, const std::string& reason,
                         pid_t replaces, auto done) {
    port_.start(node, reason, replaces, std::move(done));
  };
  starter.process_of = [this](const std::string& node, auto done) {
    port_.process_of(node, std::move(done));
  };
  return starter;
}

void node::implementation::observe_event(
    const supervision::supervision_event& event) {
  metrics_->count(event);
  using supervision::event_kind;
  const auto kind = supervision::to_string(event.kind);
  if (event.kind == event_kind::started || event.kind == event_kind::stopped)
    log_.debug(kind, {{"path", event.path}, {"reason", event.reason}});
  else
    log_.warning(kind, {{"path", event.path},
                        {"reason", event.reason},
                        {"restarts", event.restarts}});
  if (event.kind != event_kind::gave_up)
    return;
  if (event.path == services_->name + "/cluster")
    port_.give_up(event.reason);
  if (event.path != services_->name)
    return;
  gave_up_ = true;
  // Before its supervisor ends it: so the other nodes learn why.
  if (const auto membership = services_->membership.get())
    supervision::send_exit_first(
        caf::actor_cast<caf::strong_actor_ptr>(membership), nullptr,
        to_caf({errc::internal, event.reason}));
  end_->set(fail(errc::internal, event.reason));
}

result<void> node::implementation::start_tree() {
  metrics_.emplace(services_->metrics, *system_);
  tree_parts parts;
  parts.services = services_;
  parts.where = where_;
  parts.start_membership = [this] { return start_membership(); };
  parts.starter = starter();
  parts.cluster = cluster_;
  parts.observer = [this](const auto& event) { observe_event(event); };
  auto root = supervision::spawn_supervisor(*system_, make_tree(parts));
  if (!root)
    return pass_on(root);
  services_->root.set(*root);
  if (auto started = await_tree(); !started)
    return started;
  watch_root();
  return {};
}

/// Its time-out and the order to stop need no thread of the scheduler, all of
/// which an actor's start may hold.
result<void> node::implementation::await_tree() {
  const auto root = services_->root.get();
  const auto answered = std::make_shared<end_signal>();
  const auto timeout = services_->start_timeout();
  gateway_->run([=](caf::event_based_actor* self) {
    modules::ask_then<std::uint64_t>(
        self, root, timeout,
        [answered](result<std::uint64_t> up) {
          answered->set(up ? result<void>{} : pass_on(up));
        },
        supervision::await_ready{});
  });
  const auto started = answered->wait(timeout, stop_);
  if (started)
    return {};
  switch (started.error().code) {
  case errc::timed_out:
    return fail(errc::timed_out,
                fmt::format("its actors are not ready within "
                            "launcher.ready_timeout{}; see what that start "
                            "waits for, or set the time-out higher",
                            what_keeps(*services_, *system_)));
  case errc::cancelled:
    return fail(errc::cancelled, fmt::format("it was told to stop before its "
                                             "actors were ready{}",
                                             what_keeps(*services_, *system_)));
  default:
    return started;
  }
}

/// The root's end is the node's end.
void node::implementation::watch_root() {
  const auto root = services_->root.get();
  root->attach_functor([this](const caf::error& reason) {
    end_->set(fail(errc::internal, fmt::format("its supervision tree ended: {}",
                                               describe_exit(reason))));
  });
}

route_targets node::implementation::targets() {
  static_assert(std::is_copy_constructible_v<route_targets>);
  route_targets made;
  made.services = services_;
  made.commands = std::make_shared<node_commands>(services_);
  made.jobs = std::make_shared<job_table>(services_, where_, *gateway_);
  made.cluster = cluster_;
  made.actors = &*gateway_;
  made.ready = &ready_;
  made.stop = [this](const std::string& reason) { stop(reason); };
  return made;
}

result<void> node::implementation::start_http() {
  add_routes(server_, targets());
  if (auto control = server_.listen_unix(paths_.node_socket(services_->name));
      !control)
    return fail(control.error().code,
                "control socket: " + control.error().message);
  const auto& http = own_options(*services_).http;
  if (!http)
    return {};
  const auto port = server_.listen_tcp(http->host, http->port);
  if (!port)
    return fail(port.error().code,
                fmt::format("http {}: {}", config::format_endpoint(*http),
                            port.error().message));
  services_->http = config::format_endpoint({http->host, *port});
  return {};
}

/// What a node sends before it has met the receiver's is lost. So that actors
/// reach each other once all nodes are ready, each has met those before it in
/// the file by then; one that is away keeps nobody from being ready.
result<void> node::implementation::meet_earlier_nodes() {
  constexpr auto patience = 2s;
  constexpr auto look_again = 10ms;
  const auto end = std::chrono::steady_clock::now() + patience;
  const auto met = [this](const config::node_options& other) {
    return services_->directory->find(other.name).has_value();
  };
  const auto& nodes = services_->options->nodes;
  const auto own =
      std::ranges::find(nodes, services_->name, &config::node_options::name);
  while (!std::all_of(nodes.begin(), own, met) && !stop_.stop_requested()
         && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(look_again);
  return {};
}

result<void> node::implementation::report_ready() {
  ready_ = true;
  log_.info("ready", {{"listen", services_->listen},
                      {"http", services_->http},
                      {"incarnation", services_->incarnation}});
  if (!port_.exists())
    return {};
  auto reported =
      port_.report_ready(services_->name, {services_->listen, services_->http,
                                           services_->incarnation});
  if (!reported)
    return fail(reported.error().code,
                "the launcher does not take the ready report: "
                    + reported.error().message);
  return reported;
}

void node::implementation::stop_tree() {
  const auto root = services_->root.get();
  if (!root)
    return;
  services_->stopping.set(std::make_shared<const bool>(true));
  caf::scoped_actor self{*system_};
  const auto membership = services_->membership.get();
  if (membership && !gave_up_)
    // Whether anybody hears it changes nothing here.
    (void)modules::ask<std::uint64_t>(self.ptr(), membership, goodbye_timeout,
                                      actors::leave_cluster{"shutdown"});
  const auto stopped = modules::ask<supervision::supervisor_stopped>(
      self.ptr(), root, tree_stop_timeout, supervision::stop_supervisor{});
  // `unavailable`: it has ended already.
  if (!stopped && stopped.error().code != errc::unavailable)
    log_.warning("the supervision tree did not stop in order",
                 {{"reason", stopped.error().message}});
  else if (stopped && !stopped->abandoned.empty())
    log_.warning(
        "actors did not end in time",
        {{"paths", fmt::format("{}", fmt::join(stopped->abandoned, " "))}});
  // It may be among those, and must not dial while the rest is taken apart.
  if (membership)
    caf::anon_send_exit(membership, caf::exit_reason::kill);
}

/// False: some run on. CAF would wait for them without limit, and tells nobody
/// of their end.
bool node::implementation::await_actors() {
  const auto until = std::chrono::steady_clock::now() + actors_end_timeout;
  for (;;) {
    const auto running = running_actors(*system_);
    if (running == 0)
      return true;
    if (std::chrono::steady_clock::now() >= until) {
      log_.warning("actors do not end", {{"actors", running}});
      return false;
    }
    std::this_thread::sleep_for(actors_end_poll);
  }
}

bool node::implementation::shut_down() {
  if (!system_)
    return true;
  ready_ = false;
  stop_tree();
  server_.stop();
  if (network_)
    network_->stop();
  gateway_->stop();
  const bool ended = await_actors();
  log_.info("stopped");
  observe::process_log().flush(1s);
  return ended;
}

node::node(std::unique_ptr<implementation> started)
    : implementation_{std::move(started)} {}

node::~node() {
  take_apart(std::move(implementation_));
}

void node::take_apart(std::unique_ptr<implementation> what) {
  if (what->shut_down())
    return;
  some_left_running = true;
  static_cast<void>(what.release());
}

bool node::left_running() {
  return some_left_running;
}

result<std::unique_ptr<node>> node::start(node_settings settings,
                                          std::stop_token stop) {
  const auto name = settings.name;
  auto made =
      std::make_unique<implementation>(std::move(settings), std::move(stop));
  if (auto started = made->start(); !started) {
    take_apart(std::move(made));
    return fail(started.error().code,
                fmt::format("node {}: {}", name, started.error().message));
  }
  return std::unique_ptr<node>{new node{std::move(made)}};
}

result<void> node::wait() {
  return implementation_->wait();
}

void node::stop(const std::string& reason) {
  implementation_->stop(reason);
}

} // namespace weft

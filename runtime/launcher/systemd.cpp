#include "runtime/launcher/systemd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

namespace weft::launcher {

namespace {

/// Ports below this need a capability.
constexpr std::uint16_t unprivileged_port_min = 1024;

/// One word of a command line as systemd.service(5) reads it: quoted, "%" and
/// "$" without their meaning.
std::string quoted_word(std::string_view word) {
  std::string text = "\"";
  for (const char each : word) {
    if (each == '"' || each == '\\')
      text += '\\';
    if (each == '%' || each == '$')
      text += each;
    text += each;
  }
  return text + '"';
}

/// The program's place knows no variables, so "$" stays as it is there.
std::string quoted_program(std::string_view path) {
  std::string text = "\"";
  for (const char each : path) {
    if (each == '"' || each == '\\')
      text += '\\';
    if (each == '%')
      text += each;
    text += each;
  }
  return text + '"';
}

/// As a time span that systemd.time(7) reads exactly.
std::string span(std::chrono::nanoseconds value) {
  return fmt::format(
      "{}us", std::chrono::ceil<std::chrono::microseconds>(value).count());
}

result<void> check_path(std::string_view what, std::string_view path) {
  if (path.starts_with('/'))
    return {};
  return fail(errc::invalid_argument,
              fmt::format("{} for a systemd unit: expected an absolute path, "
                          "got \"{}\"",
                          what, path));
}

result<void> check_line(std::string_view what, std::string_view text) {
  const bool clean = std::ranges::none_of(text, [](char each) {
    return static_cast<unsigned char>(each) < ' ' || each == 0x7f;
  });
  if (clean)
    return {};
  return fail(errc::invalid_argument,
              fmt::format("{} for a systemd unit: expected text without line "
                          "breaks and control characters",
                          what));
}

result<void> check(const systemd_options& options) {
  if (auto fine = check_path("program", options.program); !fine)
    return fine;
  if (auto fine = check_path("cluster file", options.file); !fine)
    return fine;
  if (auto fine = check_line("program", options.program); !fine)
    return fine;
  if (auto fine = check_line("cluster file", options.file); !fine)
    return fine;
  if (auto fine = check_line("user", options.user); !fine)
    return fine;
  for (const auto& setting : options.overrides)
    if (auto fine = check_line("--set", setting); !fine)
      return fine;
  return {};
}

std::string command_line(const config::cluster_options& cluster,
                         const config::node_options& node,
                         const systemd_options& options) {
  auto text =
      fmt::format("{} node {} --name {} --run-dir /run/weft-{}",
                  quoted_program(options.program), quoted_word(options.file),
                  node.name, cluster.cluster);
  for (const auto& setting : options.overrides)
    text += " --set " + quoted_word(setting);
  return text;
}

/// Who the node is and what it may. All that would keep a module from its
/// files (ProtectHome, PrivateTmp, ProtectSystem=strict) is left out.
std::string rights(const config::node_options& node,
                   const systemd_options& options) {
  std::string text;
  const auto low = [](std::uint16_t port) {
    return port != 0 && port < unprivileged_port_min;
  };
  const bool privileged =
      low(node.listen.port) || (node.http && low(node.http->port));
  if (!options.user.empty()) {
    text += fmt::format("User={}\n", options.user);
    // Root keeps its rights: it may need them to read the files.
    text += fmt::format("CapabilityBoundingSet={0}\nAmbientCapabilities={0}\n",
                        privileged ? "CAP_NET_BIND_SERVICE" : "");
  }
  text += R"(UMask=0077
NoNewPrivileges=yes
ProtectSystem=full
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectClock=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
)";
  return text;
}

/// Only a launcher makes certificates of its own.
result<void> check_certificates(const config::cluster_options& cluster,
                                const systemd_options& options) {
  const auto& security = cluster.security;
  if (cluster.nodes.size() < 2 || security.insecure || !security.tls.ca.empty())
    return {};
  return fail(errc::invalid_argument,
              fmt::format("nodes that systemd starts need certificates: run "
                          "`weft certs {}` first, and set security.tls in the "
                          "file as it says",
                          options.file));
}

systemd_unit service(const config::cluster_options& cluster,
                     const config::node_options& node,
                     const systemd_options& options) {
  const auto& restart = cluster.launcher.restart;
  const auto& name = cluster.cluster;
  auto text =
      fmt::format(R"([Unit]
Description=weft node {node} of cluster {cluster}
PartOf=weft-{cluster}.target
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec={period}
StartLimitBurst={burst}

[Service]
Type=simple
ExecStart={command}
Restart=on-failure
RestartSec={pause}
KillMode=mixed
TimeoutStopSec={stop}
RuntimeDirectory=weft-{cluster} weft-{cluster}/nodes
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=yes
)",
                  fmt::arg("node", node.name), fmt::arg("cluster", name),
                  fmt::arg("period", span(restart.period)),
                  // The first start counts too.
                  fmt::arg("burst", restart.intensity + 1),
                  fmt::arg("command", command_line(cluster, node, options)),
                  fmt::arg("pause", span(restart.backoff.first)),
                  fmt::arg("stop", span(cluster.launcher.stop_timeout)));
  text += rights(node, options);
  text += fmt::format("\n[Install]\nWantedBy=weft-{}.target\n", name);
  return {fmt::format("weft-{}-{}.service", name, node.name), std::move(text)};
}

systemd_unit target(const std::string& cluster,
                    const std::vector<systemd_unit>& services) {
  auto text = fmt::format("[Unit]\nDescription=weft cluster {}\n", cluster);
  for (const auto& each : services)
    text += fmt::format("Wants={}\n", each.name);
  text += "\n[Install]\nWantedBy=multi-user.target\n";
  return {fmt::format("weft-{}.target", cluster), std::move(text)};
}

} // namespace

result<std::vector<systemd_unit>>
make_systemd_units(const config::cluster_options& cluster,
                   std::span<const std::string> nodes,
                   const systemd_options& options) {
  if (auto fine = check(options); !fine)
    return pass_on(fine);
  if (auto fine = check_certificates(cluster, options); !fine)
    return pass_on(fine);
  std::vector<systemd_unit> units;
  for (const auto& name : nodes) {
    const auto node =
        std::ranges::find(cluster.nodes, name, &config::node_options::name);
    if (node == cluster.nodes.end())
      return fail(
          errc::invalid_argument,
          fmt::format("no node {} in cluster {}", name, cluster.cluster));
    units.push_back(service(cluster, *node, options));
  }
  units.push_back(target(cluster.cluster, units));
  return units;
}

} // namespace weft::launcher

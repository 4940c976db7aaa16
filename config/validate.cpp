#include "config/validate.hpp"

#include "config/cross_check.hpp"
#include "config/endpoint.hpp"
#include "config/node_path.hpp"
#include "config/validate_spaces.hpp"
#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace weft::config {

namespace {

class validation : cross_check {
public:
  using cross_check::cross_check;

  void run(bool certificates_may_be_missing) {
    check_names();
    check_modules();
    check_references();
    check_listens();
    check_http();
    check_ports();
    check_security(certificates_may_be_missing);
    check_certificates();
    check_log();
    check_durations();
  }

private:
  void check_names() {
    if (options_.nodes.empty() && !failed("nodes"))
      add("nodes", "expected at least one node, got none");
    places_by_name nodes, actors, jobs;
    for (std::size_t i = 0; i < options_.nodes.size(); ++i)
      check_unique(nodes, options_.nodes[i].name,
                   fmt::format("nodes[{}].name", i), "node");
    for (std::size_t i = 0; i < options_.actors.size(); ++i) {
      const auto& actor = options_.actors[i];
      const auto module = actor.type.substr(0, actor.type.find('.'));
      if (!module.empty() && !actor.name.empty())
        check_unique(actors, module + "/" + actor.name,
                     fmt::format("actors[{}].name", i), "actor");
    }
    for (std::size_t i = 0; i < options_.jobs.size(); ++i)
      check_unique(jobs, options_.jobs[i].name, fmt::format("jobs[{}].name", i),
                   "job");
  }

  void check_modules() {
    const auto paths = item_paths("modules", options_.modules.size());
    std::set<std::string_view> known;
    for (std::size_t i = 0; i < paths.size(); ++i)
      if (!known.insert(options_.modules[i].entry).second)
        add(paths[i], fmt::format("expected each module once, got {} again",
                                  quote(options_.modules[i].entry)));
  }

  void check_references() {
    for (std::size_t i = 0; i < options_.actors.size(); ++i)
      check_node(options_.actors[i].node, fmt::format("actors[{}].node", i));
    const auto& spawn_from = options_.security.spawn_from;
    const auto paths = item_paths("security.spawn_from", spawn_from.size());
    for (std::size_t i = 0; i < paths.size(); ++i)
      check_node(spawn_from[i], paths[i]);
  }

  static std::string listen_path(std::size_t node) {
    return fmt::format("nodes[{}].listen", node);
  }

  static std::string http_path(std::size_t node) {
    return fmt::format("nodes[{}].http", node);
  }

  bool listens_off_loopback(std::size_t node) const {
    return !failed(listen_path(node))
           && !is_loopback(options_.nodes[node].listen.host);
  }

  /// The first node that other machines can reach; the number of nodes if
  /// there is none.
  std::size_t first_off_loopback() const {
    std::size_t node = 0;
    while (node < options_.nodes.size() && !listens_off_loopback(node))
      ++node;
    return node;
  }

  void check_listens() {
    const auto outside = first_off_loopback();
    for (std::size_t i = 0; i < options_.nodes.size(); ++i) {
      const auto path = listen_path(i);
      const auto& listen = options_.nodes[i].listen;
      if (failed(path))
        continue;
      const auto shown = quote(format_endpoint(listen));
      if (is_wildcard(listen.host))
        add(path, fmt::format("expected an address that other nodes can call, "
                              "got {}",
                              shown));
      else if (is_loopback(listen.host) && outside < options_.nodes.size())
        add(path, fmt::format("expected an address off loopback, since {} is "
                              "off loopback and could not reach this one, got "
                              "{}",
                              listen_path(outside), shown));
      else if (!is_loopback(listen.host) && listen.port == 0)
        add(path, fmt::format("expected a port from 1 to 65535, since other "
                              "machines cannot find out which one the system "
                              "chose, got {}",
                              shown));
    }
  }

  void check_http() {
    for (std::size_t i = 0; i < options_.nodes.size(); ++i) {
      const auto& http = options_.nodes[i].http;
      if (http && !is_loopback(http->host))
        add(http_path(i),
            fmt::format("expected an address on loopback, since this version "
                        "of weft has no tokens for HTTP yet, got {}",
                        quote(format_endpoint(*http))));
    }
  }

  void check_ports() {
    std::map<std::string, std::string> taken;
    const auto check = [&](const endpoint& at, const std::string& path) {
      if (at.port == 0 || failed(path))
        return;
      const auto key = format_endpoint({canonical_host(at.host), at.port});
      const auto [first, added] = taken.emplace(key, path);
      if (!added)
        add(path, fmt::format("expected an address of its own, got {}, which "
                              "{} has",
                              quote(format_endpoint(at)), first->second));
    };
    for (std::size_t i = 0; i < options_.nodes.size(); ++i) {
      check(options_.nodes[i].listen, listen_path(i));
      if (const auto& http = options_.nodes[i].http)
        check(*http, http_path(i));
    }
  }

  void check_security(bool certificates_may_be_missing) {
    const auto outside = first_off_loopback();
    if (outside == options_.nodes.size())
      return;
    const auto path = listen_path(outside);
    const auto shown = format_endpoint(options_.nodes[outside].listen);
    if (options_.security.insecure)
      add("security.insecure",
          fmt::format("expected false, since {} is {}, off loopback, got true",
                      path, shown));
    else if (!certificates_may_be_missing && !names_certificates()
             && !failed("security") && !failed("security.tls"))
      problems_.add(place_of(path), "security.tls",
                    fmt::format("expected certificates, since {} is {}, off "
                                "loopback, got nothing; make them with weft "
                                "certs and name them under security.tls",
                                path, shown));
  }

  /// One of the three files was named, though not well.
  bool names_certificates() const {
    return options_.security.tls != tls_options{} || failed("security.tls.ca")
           || failed("security.tls.cert") || failed("security.tls.key");
  }

  void check_certificates() {
    const auto& tls = options_.security.tls;
    if (!names_certificates())
      return;
    if (options_.security.insecure)
      add("security.tls",
          "expected no certificates beside insecure: true, got some");
    const auto check = [&](const std::string& file, const std::string& path) {
      if (file.empty() && !failed(path))
        add(path, "expected ca, cert and key together, got nothing here");
    };
    check(tls.ca, "security.tls.ca");
    check(tls.cert, "security.tls.cert");
    check(tls.key, "security.tls.key");
  }

  void check_log() {
    const auto& file = options_.log.file;
    if (options_.nodes.size() > 1 && !file.empty()
        && file.find(node_mark) == std::string::npos)
      add("log.file", fmt::format("expected {} in a path that several nodes "
                                  "have, got {}",
                                  node_mark, quote(file)));
  }

  void check_durations() {
    const auto& caf = options_.caf;
    if (caf.heartbeat_interval >= caf.connection_timeout)
      add_pair("caf.heartbeat_interval", "caf.connection_timeout",
               fmt::format("expected a duration below the connection timeout "
                           "of {}, got {}",
                           format_duration(caf.connection_timeout),
                           format_duration(caf.heartbeat_interval)));
    check_backoff(options_.supervision.backoff, "supervision.backoff");
    check_backoff(options_.launcher.restart.backoff,
                  "launcher.restart.backoff");
  }

  void check_backoff(const backoff_options& backoff, const std::string& path) {
    if (backoff.first > backoff.max)
      add_pair(path + ".first", path + ".max",
               fmt::format("expected a duration of at most the longest wait, "
                           "{}, got {}",
                           format_duration(backoff.max),
                           format_duration(backoff.first)));
  }
};

} // namespace

void validate(const cluster_options& options, const yaml_node& root,
              const source_files& files, bool certificates_may_be_missing,
              problem_list& problems) {
  validation{options, root, files, problems}.run(certificates_may_be_missing);
  validate_spaces(options, root, files, problems);
}

} // namespace weft::config

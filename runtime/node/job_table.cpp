#include "runtime/node/job_table.hpp"

#include "runtime/base/text.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/module/ask.hpp"
#include "runtime/supervision/child_spec.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace weft {

namespace {

using namespace std::chrono_literals;

constexpr auto request_timeout = 10s;

const config::job_options* find_job(const config::cluster_options& cluster,
                                    const std::string& name) {
  const auto found =
      std::ranges::find(cluster.jobs, name, &config::job_options::name);
  return found == cluster.jobs.end() ? nullptr : &*found;
}

failure no_such_job(const config::cluster_options& cluster,
                    const std::string& name) {
  std::vector<std::string> names;
  for (const auto& job : cluster.jobs)
    names.push_back(job.name);
  const auto nearest = nearest_spelling(name, names);
  return {errc::not_found,
          fmt::format("the cluster file has no job \"{}\"{}", name,
                      nearest ? "; did you mean " + *nearest + "?" : "")};
}

nlohmann::json failed(const failure& why) {
  return {{"code", to_string(why.code)}, {"message", why.message}};
}

} // namespace

job_table::job_table(std::shared_ptr<node_services> services, context where,
                     gateway actors)
    : services_{std::move(services)}, where_{std::move(where)}, actors_{
                                                                    actors} {}

void job_table::start(caf::event_based_actor* self, const std::string& name,
                      answer done) {
  const auto* wanted = find_job(*services_->options, name);
  if (!wanted)
    return done(tl::unexpected(no_such_job(*services_->options, name)));
  const auto type = services_->types->find_job(wanted->type);
  if (!type)
    return done(tl::unexpected(type.error()));
  const auto supervisor = services_->jobs.get();
  if (!supervisor)
    return done(
        fail(errc::unavailable, "this node runs no jobs; ask the first node"));
  auto job = std::make_shared<entry>();
  job->name = name;
  job->id = fmt::format("{}-{}", name, ++count_);
  supervision::child_spec child;
  child.id = job->id;
  child.restart = supervision::restart_kind::temporary;
  const auto local =
      where_.for_module(wanted->type.substr(0, wanted->type.find('.')))
          .for_tenant(wanted->tenant);
  child.start = [type = *type, args = wanted->args, local,
                 timeout = wanted->timeout](caf::event_based_actor& parent,
                                            supervision::start_done report) {
    modules::job_spawn_options options;
    options.timeout = timeout;
    auto actor = modules::spawn_job(parent.system(), *type, args, local,
                                    std::move(options));
    if (!actor)
      return report(tl::unexpected(std::move(actor.error())));
    report(caf::actor_cast<caf::strong_actor_ptr>(*actor));
  };
  request(self, supervisor, request_timeout, std::move(child))
      .then(
          [table = shared_from_this(), self, job,
           done](const supervision::child_started& child) {
            job->actor = caf::actor_cast<modules::job_actor>(child.actor);
            table->started(self, job);
            done(nlohmann::json{{"id", job->id}, {"name", job->name}});
          },
          [done](const caf::error& why) {
            done(tl::unexpected(from_caf(why)));
          });
}

void job_table::started(caf::event_based_actor* self,
                        std::shared_ptr<entry> job) {
  jobs_[job->id] = job;
  // The job ends itself at its own time-out; this one only bounds the wait
  // for a job actor that is gone.
  const auto limit =
      find_job(*services_->options, job->name)->timeout + request_timeout;
  request(self, job->actor, limit, modules::await_job{})
      .then(
          [table = shared_from_this(), job](const std::string& text) {
            table->ended(job, modules::parse_outcome(text));
          },
          [table = shared_from_this(), job](const caf::error& why) {
            table->ended(job, tl::unexpected(from_caf(why)));
          });
}

void job_table::ended(const std::shared_ptr<entry>& job,
                      result<nlohmann::json> outcome) {
  job->outcome = std::move(outcome);
  auto waiting = std::move(job->waiting);
  job->waiting.clear();
  // Its last handle: the job actor ends now, and leaves the tree.
  job->actor = nullptr;
  finished_.push_back(job->id);
  forget_oldest();
  for (auto& reply : waiting)
    state(nullptr, job->id, 0ms, std::move(reply));
}

void job_table::forget_oldest() {
  while (finished_.size() > finished_max) {
    jobs_.erase(finished_.front());
    finished_.pop_front();
  }
}

void job_table::state(caf::event_based_actor* self, const std::string& id,
                      std::chrono::milliseconds wait, answer done) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end())
    return done(fail(errc::not_found,
                     fmt::format("no job \"{}\" was started here", id)));
  const auto job = found->second;
  nlohmann::json view{{"id", job->id}, {"name", job->name}};
  if (job->outcome) {
    view["state"] = *job->outcome ? "done" : "failed";
    if (*job->outcome)
      view["result"] = **job->outcome;
    else
      view["error"] = failed(job->outcome->error());
    return done(std::move(view));
  }
  if (wait > 0ms) {
    const auto place = job->waiting.insert(job->waiting.end(), std::move(done));
    return delayed_send(self, caf::actor_cast<caf::actor>(self),
                        std::min<std::chrono::milliseconds>(wait, wait_max),
                        gateway_task{[table = shared_from_this(), job,
                                      place](caf::event_based_actor* here) {
                          if (job->outcome)
                            return; // answered, and `place` is gone
                          auto reply = std::move(*place);
                          job->waiting.erase(place);
                          table->state(here, job->id, 0ms, std::move(reply));
                        }});
  }
  view["state"] = "running";
  modules::ask_then<modules::job_status>(
      self, job->actor, request_timeout,
      [view, done](const result<modules::job_status>& status) mutable {
        if (status)
          view["progress"] = {{"done", status->done},
                              {"total", status->total},
                              {"text", status->text}};
        done(std::move(view));
      },
      modules::query_job{});
}

void job_table::cancel(caf::event_based_actor* self, const std::string& id,
                       answer done) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end())
    return done(fail(errc::not_found,
                     fmt::format("no job \"{}\" was started here", id)));
  modules::ask_then<bool>(
      self, found->second->actor, request_timeout,
      [done](const result<bool>& cancelled) {
        done(nlohmann::json{{"cancelled", cancelled && *cancelled}});
      },
      modules::cancel_job{"an operator stopped it"});
}

nlohmann::json job_table::list() const {
  auto all = nlohmann::json::array();
  for (const auto& [id, job] : jobs_)
    all.push_back({{"id", id},
                   {"name", job->name},
                   {"state", !job->outcome   ? "running"
                             : *job->outcome ? "done"
                                             : "failed"}});
  return all;
}

} // namespace weft

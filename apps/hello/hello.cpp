// Greeters on every node, and a job that sends each of them to all others:
// actors, a job, names, and what to do when an actor or a node dies.
#include <map>
#include <string>
#include <weft/weft.hpp>

namespace {
using namespace std::chrono_literals;
using greeter_actor = weft::typed_actor<
    // The name of a guest -> what the greeter says to it.
    std::string(weft::greet_atom, std::string),
    // Visits the greeter of this name -> what that one said.
    std::string(weft::work_atom, std::string)>;

greeter_actor::behavior_type greeter(greeter_actor::pointer self,
                                     weft::context here, std::string name,
                                     std::string greeting) {
  return {[=](weft::greet_atom, const std::string& guest) {
            return greeting + ", " + guest;
          },
          [=](weft::work_atom, const std::string& host) {
            auto answer = self->make_response_promise<std::string>();
            auto greet = [=](weft::result<greeter_actor> found) mutable {
              if (!found)
                answer.deliver(weft::to_caf(found.error()));
              else
                weft::request(self, *found, 1s, weft::greet_atom_v, name)
                    .then([=](std::string& s) mutable { answer.deliver(s); },
                          [=](caf::error& e) mutable { answer.deliver(e); });
            };
            here.find<greeter_actor>(self, host, greet, 1s);
            return answer;
          }};
}

std::string name_of(int number) {
  return "hello/greeter-" + std::to_string(number);
}

struct party {
  weft::job& job;
  std::map<int, greeter_actor> known = {};
  int restarts_seen = 0;

  // The greeter that has the name now; waits while it is being restarted.
  greeter_actor find(int number, const greeter_actor& not_this = {}) {
    auto found = job.require(
        job.wait_for<greeter_actor>(name_of(number), 20s, not_this));
    restarts_seen += known[number] && known[number] != found;
    return known[number] = found;
  }

  // When one of the two dies under way: again, with whoever has the name.
  void visit(int guest, int host, int tries = 5) {
    auto said =
        job.ask<std::string>(find(guest), 3s, weft::work_atom_v, name_of(host));
    if (said)
      return;
    if (tries == 1)
      job.require(said);
    find(host);
    visit(guest, host, tries - 1);
  }
};

nlohmann::json run_party(weft::job& job, int greeters, int rounds, int kill) {
  party all{job};
  std::map<int, int> given; // the job counts: a restarted greeter forgets
  for (int round = 0; round < rounds; ++round) {
    if (round == rounds / 2 && kill > 0) {
      const auto victim = all.find(kill);
      job.self()->send_exit(victim, caf::exit_reason::kill);
      all.find(kill, victim);
    }
    for (int host = 1; host <= greeters; ++host)
      for (int guest = 1; guest <= greeters; ++guest)
        if (guest != host)
          all.visit(guest, host), ++given[host];
    job.progress(round + 1, rounds, "rounds of greetings");
  }
  std::map<std::string, int> per_node;
  int greetings = 0;
  for (const auto& [host, count] : given) {
    greetings += count;
    per_node[job.require(job.look_up(name_of(host))).node] += count;
  }
  return {{"greetings", greetings},
          {"messages", 2 * greetings},
          {"per_node", per_node},
          {"restarts_seen", all.restarts_seen}};
}
} // namespace

WEFT_MODULE(hello) {
  module.actor("greeter", greeter, weft::parameter("name"),
               weft::parameter("greeting", "Hello"));
  module.job("party", run_party, weft::parameter("greeters", 4),
             weft::parameter("rounds", 25), weft::parameter("kill", 2));
}

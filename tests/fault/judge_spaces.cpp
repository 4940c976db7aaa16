// Judges the histories that clients of a tuple space have left in a folder:
// prints a JSON object with what they did and what is wrong with it.
#include "tests/support/checkers/claim_returns.hpp"
#include "tests/support/checkers/recorded_history.hpp"
#include "tests/support/checkers/unique_tuples.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace {

using namespace weft::checkers;
using weft::result;

constexpr tick millisecond = 1'000'000;
constexpr std::size_t findings_shown = 20;

struct judge_options {
  std::string folder;
  /// A space notices within this time that a process has died.
  tick notice_ms = 1000;
  /// So late may a busy machine do what is due at a time.
  tick slack_ms = 2000;
  /// Only this group, if it is not negative.
  int group = -1;
};

std::vector<recorded_client> read_clients(const std::string& folder) {
  std::vector<recorded_client> clients;
  for (client_id id = 1;; ++id) {
    const auto path = fmt::format("{}/client-{}.history", folder, id);
    if (!std::filesystem::exists(path))
      return clients;
    auto client = read_recorded(path, id);
    if (!client)
      throw std::runtime_error{to_string(client.error())};
    clients.push_back(*std::move(client));
  }
}

/// Processes that were killed, and when: a pair of numbers each.
std::map<std::uint32_t, tick> read_kills(const std::string& folder) {
  std::map<std::uint32_t, tick> kills;
  std::ifstream file{folder + "/kills"};
  std::uint32_t process = 0;
  tick at = 0;
  while (file >> process >> at)
    kills.emplace(process, at);
  return kills;
}

/// Whether it has added its tuples to the space.
bool wrote(const operation& what) {
  return what.how == outcome::ok && (what.what != verb::swap || what.answer);
}

/// Tuples whose write was acknowledged and that nobody says to have removed:
/// if none is lost, takes that nobody got the answer of have them.
std::size_t with_unknown_takes(const history& what) {
  std::unordered_set<tuple_id> tuples;
  std::unordered_map<claim_id, tuple_id> claimed;
  for (const auto& each : what.operations) {
    if (wrote(each))
      for (const auto& written : each.writes)
        tuples.insert(written.id);
    if (each.what == verb::claim && each.answer)
      claimed.emplace(each.claim, *each.answer);
  }
  for (const auto& each : what.operations) {
    if (each.answer && (each.what == verb::take || each.what == verb::swap))
      tuples.erase(*each.answer);
    if (each.what == verb::confirm && each.how != outcome::failed)
      tuples.erase(claimed.at(each.claim));
  }
  return tuples.size();
}

class judge {
public:
  explicit judge(const judge_options& options)
      : options_{options}, clients_{read_clients(options.folder)},
        kills_{read_kills(options.folder)} {}

  nlohmann::json judge_all() {
    check_ends();
    const int groups = clients_.empty() ? 0 : clients_.front().opening().group;
    for (int group = 0; group < groups; ++group)
      if (options_.group < 0 || options_.group == group)
        judge_group(static_cast<std::uint8_t>(group));
    return report();
  }

private:
  /// A client ends by itself or is killed; one of them empties the space.
  void check_ends() {
    const auto drains = std::ranges::count_if(clients_, [](const auto& each) {
      return each.opening().code != 0 && each.ended_by_itself();
    });
    if (drains != 1)
      note("no end", fmt::format("{} clients have emptied the space", drains));
    for (const auto& each : clients_)
      if (!each.ended_by_itself() && !kills_.contains(each.opening().number))
        note("no end",
             fmt::format("client {} ended, but was not killed", each.id));
  }

  void judge_group(std::uint8_t group) {
    history what;
    what.remaining.emplace();
    what.slack = options_.slack_ms * millisecond;
    for (const auto& each : clients_) {
      auto more = operations_of(each, group);
      if (each.opening().code == 0)
        count(more);
      std::ranges::move(more, std::back_inserter(what.operations));
      const auto killed = kills_.find(each.opening().number);
      if (killed != kills_.end() && !each.ended_by_itself())
        what.deaths.push_back({each.id, killed->second});
    }
    const auto wrong = malformed(what);
    for (const auto& each : wrong)
      note("malformed", each);
    if (!wrong.empty())
      return;
    for (const auto& each : check_unique_tuples(what))
      note(std::string{to_string(each.what)}, each.why);
    with_unknown_ += with_unknown_takes(what);
    check_returns(what);
  }

  void check_returns(const history& what) {
    for (const auto& each :
         claim_returns(what, options_.notice_ms * millisecond)) {
      if (each.seen == forever) {
        ++never_seen_;
        continue;
      }
      returns_.push_back(each.seen - each.died);
      if (each.late() > options_.slack_ms * millisecond)
        note("late", fmt::format("tuple {} was claimed by a client that died "
                                 "at {}, due back at {} and seen at {}",
                                 each.tuple, each.died, each.due, each.seen));
    }
  }

  void count(const std::vector<operation>& operations) {
    for (const auto& each : operations) {
      ++verbs_[static_cast<std::size_t>(each.what)];
      ++outcomes_[static_cast<std::size_t>(each.how)];
      answers_ += each.answer.has_value();
    }
  }

  void note(const std::string& kind, std::string why) {
    ++findings_[kind];
    if (shown_.size() < findings_shown)
      shown_.push_back(fmt::format("{}: {}", kind, std::move(why)));
  }

  nlohmann::json report() {
    nlohmann::json verbs;
    constexpr std::array<const char*, 7> names{
        "write", "read", "take", "swap", "claim", "confirm", "release"};
    std::uint64_t operations = 0;
    for (std::size_t index = 0; index < names.size(); ++index) {
      verbs[names.at(index)] = verbs_.at(index);
      operations += verbs_.at(index);
    }
    return {{"ok", findings_.empty()},
            {"operations", operations},
            {"verbs", verbs},
            {"with_tuple", answers_},
            {"failed", outcomes_.at(1)},
            {"unknown", outcomes_.at(2)},
            {"with_unknown_takes", with_unknown_},
            {"clients", clients_.size()},
            {"kills", kills_.size()},
            {"returned", returned()},
            {"findings", findings_},
            {"shown", shown_}};
  }

  /// Of claims whose holder died: after how long others had their tuples.
  nlohmann::json returned() {
    std::ranges::sort(returns_);
    const auto at = [&](std::size_t share) {
      if (returns_.empty())
        return 0.0;
      return static_cast<double>(returns_[(returns_.size() - 1) * share / 100])
             / millisecond;
    };
    return {{"claims", returns_.size()},
            {"never_seen", never_seen_},
            {"p50_ms", at(50)},
            {"p99_ms", at(99)},
            {"max_ms", at(100)}};
  }

  judge_options options_;
  std::vector<recorded_client> clients_;
  std::map<std::uint32_t, tick> kills_;
  std::array<std::uint64_t, 7> verbs_{};
  std::array<std::uint64_t, 3> outcomes_{};
  std::uint64_t answers_ = 0;
  std::uint64_t with_unknown_ = 0;
  std::vector<tick> returns_;
  std::uint64_t never_seen_ = 0;
  std::map<std::string, std::uint64_t> findings_;
  std::vector<std::string> shown_;
};

} // namespace

int main(int count, char** arguments) {
  judge_options options;
  CLI::App app{"Judges the histories of clients of a tuple space; exit code 0 "
               "if nothing is wrong with them, 1 otherwise"};
  app.add_option("folder", options.folder, "client-N.history and kills")
      ->required();
  app.add_option("--notice-ms", options.notice_ms);
  app.add_option("--slack-ms", options.slack_ms);
  app.add_option("--group", options.group, "only this group of tuples");
  CLI11_PARSE(app, count, arguments);
  try {
    const auto report = judge{options}.judge_all();
    std::cout << report.dump() << '\n';
    return report.at("ok") ? 0 : 1;
  } catch (const std::exception& wrong) {
    std::cerr << "judge_spaces: " << wrong.what() << '\n';
    return 2;
  }
}

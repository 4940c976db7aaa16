#include "apps/weft/space_calls.hpp"

#include "runtime/base/json_text.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace weft::apps {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

/// How long one request asks a node to wait.
constexpr milliseconds poll_max = 10s;
/// What a node may need beside that.
constexpr milliseconds answer_max = 15s;
/// What is claimed comes back after so long, if this side does not confirm it.
constexpr milliseconds claim_lease = 10s;
/// The longest that a node waits for the end of a transfer.
constexpr milliseconds transfer_wait = 25s;
/// Of one request; the node takes 1 MiB.
constexpr std::size_t body_bytes = 512 * 1024;

/// Asks again until there are tuples or the time is up.
result<nlohmann::json> ask_until(const space_target& whom,
                                 const std::string& operation,
                                 nlohmann::json body, milliseconds timeout) {
  const auto end = clock::now() + timeout;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(end - clock::now());
    const auto wait = std::clamp<milliseconds>(left, 0ms, poll_max);
    body["timeout_ms"] = wait.count();
    auto got = ask_space(whom, operation, body, wait);
    if (!got || !got->value("tuples", nlohmann::json::array()).empty()
        || clock::now() >= end)
      return got;
  }
}

} // namespace

result<nlohmann::json> ask_space(const space_target& whom,
                                 const std::string& operation,
                                 nlohmann::json body, milliseconds wait) {
  body["tenant"] = whom.tenant;
  if (!whom.space.empty())
    body["space"] = whom.space;
  http::request request;
  request.verb = http::method::post;
  request.path = "/api/v1/spaces/" + operation;
  request.body = json_text(body);
  return ask_node(whom.run, whom.node, request, answer_max + wait);
}

result<nlohmann::json> write_tuples(const space_target& whom,
                                    const std::vector<std::string>& tuples,
                                    milliseconds lease) {
  std::uint64_t written = 0;
  for (std::size_t at = 0; at < tuples.size();) {
    auto body = nlohmann::json::object();
    if (lease > 0ms)
      body["lease_ms"] = lease.count();
    auto& some = body["tuples"] = nlohmann::json::array();
    for (std::size_t bytes = 0;
         at < tuples.size() && (some.empty() || bytes < body_bytes); ++at) {
      bytes += tuples[at].size();
      some.push_back(tuples[at]);
    }
    const auto got = ask_space(whom, "write", std::move(body));
    if (!got && written > 0)
      return fail(got.error().code, fmt::format("the first {} were written: {}",
                                                written, got.error().message));
    if (!got)
      return got;
    written += got->value("written", std::uint64_t{0});
  }
  return nlohmann::json{{"ok", true}, {"written", written}};
}

result<nlohmann::json> read_tuple(const space_target& whom,
                                  const std::string& pattern,
                                  milliseconds timeout) {
  return ask_until(whom, "read", {{"pattern", pattern}}, timeout);
}

result<nlohmann::json> take_tuple(const space_target& whom,
                                  const std::string& pattern,
                                  milliseconds timeout) {
  const auto end = clock::now() + timeout;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(end - clock::now());
    auto got =
        ask_until(whom, "claim",
                  {{"pattern", pattern}, {"lease_ms", claim_lease.count()}},
                  std::max<milliseconds>(left, 0ms));
    if (!got || !got->contains("claim"))
      return got;
    const auto done = ask_space(whom, "confirm", {{"claim", (*got)["claim"]}});
    got->erase("claim");
    if (done)
      return got;
    // The claim's time was up before it was confirmed: the tuple is back.
    if (done.error().code != errc::not_found)
      return done;
  }
}

result<nlohmann::json> transfer_tuples(const space_target& whom,
                                       const std::string& operation,
                                       nlohmann::json body) {
  auto got = ask_space(whom, operation, std::move(body), transfer_wait);
  while (got && got->contains("transfer"))
    got = ask_space(whom, "transfer", {{"transfer", (*got)["transfer"]}},
                    transfer_wait);
  return got;
}

result<void> space_watch::run(const std::string& pattern, const shown& show) {
  const auto begun = ask_space(whom_, "watch", {{"pattern", pattern}});
  if (!begun)
    return tl::unexpected(begun.error());
  number_ = begun->value("watch", std::uint64_t{0});
  while (!ended_) {
    const auto news =
        ask_space(whom_, "next",
                  {{"watch", number_.load()}, {"timeout_ms", poll_max.count()}},
                  poll_max);
    if (ended_)
      break;
    if (!news)
      return tl::unexpected(news.error());
    if (!show(*news))
      break;
    if (news->value("ended", false))
      return fail(errc::cancelled,
                  "the watch has ended: a shard of the space was lost");
  }
  end();
  return {};
}

void space_watch::end() {
  if (ended_.exchange(true) || number_ == 0)
    return;
  const auto done = ask_space(whom_, "unwatch", {{"watch", number_.load()}});
  static_cast<void>(done);
}

} // namespace weft::apps

#pragma once

#include "runtime/base/result.hpp"
#include "spaces/space_types.hpp"

#include <deque>
#include <list>
#include <unordered_map>

namespace weft::spaces {

/// Where a request that may come twice stands: the client numbers its mutating
/// requests from 1 and says which answers it has got.
struct retry_key {
  client_id client = 0;
  std::uint64_t sequence = 0;
  /// All requests up to this one are answered, as far as the client knows.
  std::uint64_t answered = 0;
};

/// Remembers the answers to mutating requests, so that one that comes again,
/// because its answer was lost, is applied once (Lee and others 2015, "RIFL").
/// `Answer` is whatever the caller answers with.
///
/// What is remembered: of each client, the answers to the requests above
/// `answered`, `unanswered_max` at most. What is forgotten: answers that the
/// client has got; all of a client that is dropped; and, when there are
/// `clients_max` clients, all of the one that asked least recently. A request
/// that is repeated after that is refused, never applied again, except that of
/// a forgotten client, whose first number is taken as it comes. Not
/// thread-safe.
///
/// Cost: O(1) a request, and O(1) for each answer that is forgotten.
template <class Answer>
class retry_memory {
public:
  static constexpr std::size_t unanswered_max = 1024;

  explicit retry_memory(std::size_t clients_max = 100'000)
      : clients_max_{clients_max} {}

  enum class standing : std::uint8_t {
    /// It is new: carry it out, then `remember` its answer.
    fresh,
    /// It is being carried out: the answer will come.
    under_way,
    /// It was: here is the answer.
    done,
  };

  struct verdict {
    retry_memory::standing standing = retry_memory::standing::fresh;
    /// When it is done; valid until the next call.
    const Answer* answer = nullptr;
  };

  /// Fails with `invalid_argument` when the client said that it had got the
  /// answer, and with `exhausted` when too many of its requests are
  /// unanswered; then nothing is remembered of it.
  result<verdict> begin(const retry_key& key) {
    if (key.sequence <= key.answered)
      return fail(errc::invalid_argument,
                  "a request that its client calls answered comes again");
    auto& of = client_for(key.client);
    forget_answered(of, key.answered);
    if (key.sequence < of.first)
      return fail(errc::invalid_argument,
                  "a request that its client called answered comes again");
    const auto index = key.sequence - of.first;
    if (index < of.slots.size() && of.slots[index].begun)
      return known(of.slots[index]);
    if (index >= unanswered_max)
      return fail(errc::exhausted,
                  "the client has 1024 requests whose answers it did not "
                  "acknowledge; it must do so first");
    if (index >= of.slots.size())
      of.slots.resize(index + 1);
    of.slots[index].begun = true;
    return verdict{};
  }

  /// The answer to a request that was fresh. Does nothing when its client, or
  /// the request, is forgotten.
  void remember(client_id client, std::uint64_t sequence, Answer answer) {
    const auto found = clients_.find(client);
    if (found == clients_.end() || sequence < found->second.first)
      return;
    const auto index = sequence - found->second.first;
    if (index < found->second.slots.size())
      found->second.slots[index].answer = std::move(answer);
  }

  void drop_client(client_id client) {
    const auto found = clients_.find(client);
    if (found == clients_.end())
      return;
    recent_.erase(found->second.recent);
    clients_.erase(found);
  }

  std::size_t clients() const { return clients_.size(); }

private:
  struct slot {
    bool begun = false;
    std::optional<Answer> answer;
  };

  struct client {
    /// The number of the first slot.
    std::uint64_t first = 1;
    std::deque<slot> slots;
    std::list<client_id>::iterator recent;
  };

  static verdict known(const slot& of) {
    if (!of.answer)
      return {standing::under_way, nullptr};
    return {standing::done, &*of.answer};
  }

  static void forget_answered(client& of, std::uint64_t answered) {
    if (of.slots.empty() && answered >= of.first)
      of.first = answered + 1;
    while (!of.slots.empty() && of.first <= answered) {
      of.slots.pop_front();
      ++of.first;
    }
    if (of.first <= answered)
      of.first = answered + 1;
  }

  client& client_for(client_id id) {
    auto found = clients_.find(id);
    if (found != clients_.end()) {
      recent_.splice(recent_.end(), recent_, found->second.recent);
      return found->second;
    }
    if (clients_.size() >= clients_max_) {
      clients_.erase(recent_.front());
      recent_.pop_front();
    }
    auto& fresh = clients_[id];
    fresh.recent = recent_.insert(recent_.end(), id);
    return fresh;
  }

  std::size_t clients_max_;
  std::unordered_map<client_id, client> clients_;
  /// Least recent first.
  std::list<client_id> recent_;
};

} // namespace weft::spaces

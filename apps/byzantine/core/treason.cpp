#include "apps/byzantine/core/treason.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <random>
#include <utility>

namespace weft::byzantine {

namespace {

/// Says something else. What others have signed stays as it was.
void say(relay& what, order value, const key_ring* keys) {
  what.value = value;
  if (keys)
    sign_last(what, *keys);
}

/// A strategy that looks at one message at a time.
class each_message : public treason {
public:
  each_message(const plan& what, general_id self) : plan_(what), self_(self) {}

  std::vector<relay> corrupt(std::uint32_t round, std::vector<relay> honest,
                             std::span<const relay> heard,
                             const key_ring* keys) override {
    std::vector<relay> sent;
    for (auto& message : honest) {
      auto value = choose(message);
      if (!value)
        continue;
      if (*value != message.value)
        say(message, *value, keys);
      sent.push_back(std::move(message));
    }
    add(round, heard, keys, sent);
    return sent;
  }

protected:
  /// What to say, or nothing.
  virtual std::optional<order> choose(const relay& honest) = 0;

  virtual void add(std::uint32_t, std::span<const relay>, const key_ring*,
                   std::vector<relay>&) {}

  bool last(const relay& what) const { return what.round == plan_.rounds(); }

  const plan& plan_;
  general_id self_;
};

class random_treason final : public each_message {
public:
  random_treason(const plan& what, general_id self)
      : each_message(what, self),
        random_(what.seed * 0x9e3779b97f4a7c15 + self) {}

private:
  std::optional<order> choose(const relay&) override {
    auto which = random_() % 3;
    if (which == 2)
      return std::nullopt;
    return which == 1 ? order::attack : order::retreat;
  }

  std::mt19937_64 random_;
};

class split_treason final : public each_message {
  using each_message::each_message;

  std::optional<order> choose(const relay& honest) override {
    return honest.to % 2 == 0 ? order::attack : order::retreat;
  }
};

class silent_treason final : public each_message {
  using each_message::each_message;

  std::optional<order> choose(const relay&) override { return std::nullopt; }
};

class last_round_treason final : public each_message {
  using each_message::each_message;

  std::optional<order> choose(const relay& honest) override {
    return last(honest) ? opposite(honest.value) : honest.value;
  }
};

class oral_collusion final : public each_message {
  using each_message::each_message;

  std::optional<order> choose(const relay& honest) override {
    if (!plan_.is_traitor(commander))
      return opposite(plan_.commanded);
    return honest.to <= plan_.generals / 2 ? order::attack : order::retreat;
  }
};

class written_collusion final : public each_message {
  using each_message::each_message;

  std::optional<order> choose(const relay& honest) override {
    auto confidant = plan_.traitors.upper_bound(self_);
    if (confidant != plan_.traitors.end() && honest.to == *confidant)
      return self_ == commander ? order::retreat : honest.value;
    if (plan_.is_traitor(honest.to))
      return std::nullopt;
    if (self_ == commander)
      return order::attack;
    // Shown too late for the victim to pass it on, if every signature on it
    // is a traitor's.
    if (last(honest) && honest.to == first_loyal_lieutenant())
      return honest.value;
    return std::nullopt;
  }

  general_id first_loyal_lieutenant() const {
    general_id who = 1;
    while (plan_.is_traitor(who))
      ++who;
    return who;
  }
};

class forging_treason final : public each_message {
  using each_message::each_message;

  std::optional<order> choose(const relay& honest) override {
    return honest.value;
  }

  void add(std::uint32_t round, std::span<const relay> heard,
           const key_ring* keys, std::vector<relay>& sent) override {
    WEFT_ASSERT(keys);
    if (round < 2)
      return;
    for (general_id to = 1; to < plan_.generals; ++to) {
      if (to == self_ || plan_.is_traitor(to))
        continue;
      if (auto fake = invented(round, to, *keys))
        sent.push_back(std::move(*fake));
      if (auto fake = replayed(round, to, heard, *keys))
        sent.push_back(std::move(*fake));
    }
  }

  /// Somebody loyal seems to have signed the opposite order: the commander, in
  /// a message that the traitor passes on; or, if he is a traitor himself,
  /// lieutenants, in a message that the last of them seems to pass on.
  std::optional<relay> invented(std::uint32_t round, general_id to,
                                const key_ring& keys) {
    auto passed_on = !plan_.is_traitor(commander);
    relay fake{.instance = plan_.instance,
               .round = round,
               .path = {commander},
               .from = self_,
               .to = to,
               .value = opposite(plan_.commanded),
               .signatures = {}};
    auto victims = round - 1 - (passed_on ? 1 : 0);
    for (general_id who = 1; who < plan_.generals && victims > 0; ++who) {
      if (who == to || plan_.is_traitor(who))
        continue;
      fake.path.push_back(who);
      --victims;
    }
    if (victims > 0)
      return std::nullopt;
    if (passed_on)
      fake.path.push_back(self_);
    fake.signatures.resize(fake.path.size());
    for (auto& one : fake.signatures)
      one.fill(0x5a);
    if (passed_on)
      sign_last(fake, keys);
    return fake;
  }

  /// Signatures of a message that was heard, under the opposite order.
  std::optional<relay> replayed(std::uint32_t round, general_id to,
                                std::span<const relay> heard,
                                const key_ring& keys) {
    for (const auto& message : heard) {
      auto loyal =
          std::any_of(message.path.begin(), message.path.end(),
                      [&](general_id who) { return !plan_.is_traitor(who); });
      auto passed = holds(message.path, to);
      if (message.round != round - 1 || !loyal || passed)
        continue;
      auto fake = message;
      fake.round = round;
      fake.path.push_back(self_);
      fake.from = self_;
      fake.to = to;
      fake.value = opposite(message.value);
      sign_last(fake, keys);
      return fake;
    }
    return std::nullopt;
  }
};

class scripted_treason final : public treason {
public:
  explicit scripted_treason(std::vector<lie> script)
      : script_(std::move(script)) {}

  std::vector<relay> corrupt(std::uint32_t, std::vector<relay> honest,
                             std::span<const relay>,
                             const key_ring* keys) override {
    std::vector<relay> sent;
    for (auto& message : honest) {
      if (next_ < script_.size()) {
        auto what = script_[next_++];
        if (what == lie::nothing)
          continue;
        say(message, what == lie::attack ? order::attack : order::retreat,
            keys);
      }
      sent.push_back(std::move(message));
    }
    return sent;
  }

private:
  std::vector<lie> script_;
  std::size_t next_ = 0;
};

} // namespace

std::unique_ptr<treason> make_treason(const plan& what, general_id traitor) {
  switch (what.strategy) {
  case strategy::random:
    return std::make_unique<random_treason>(what, traitor);
  case strategy::split:
    return std::make_unique<split_treason>(what, traitor);
  case strategy::silent:
    return std::make_unique<silent_treason>(what, traitor);
  case strategy::collude:
    if (what.algorithm == algorithm::oral)
      return std::make_unique<oral_collusion>(what, traitor);
    return std::make_unique<written_collusion>(what, traitor);
  case strategy::last_round:
    return std::make_unique<last_round_treason>(what, traitor);
  case strategy::forge:
    return std::make_unique<forging_treason>(what, traitor);
  }
  WEFT_ASSERT(false);
}

std::unique_ptr<treason> make_scripted_treason(std::vector<lie> script) {
  return std::make_unique<scripted_treason>(std::move(script));
}

} // namespace weft::byzantine

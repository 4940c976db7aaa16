#include "apps/byzantine/core/general_core.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace weft::byzantine {

namespace {

bool all_different(std::vector<general_id> path) {
  std::sort(path.begin(), path.end());
  return std::adjacent_find(path.begin(), path.end()) == path.end();
}

} // namespace

general_core::general_core(const plan& what, general_id self,
                           const key_ring* keys,
                           std::unique_ptr<treason> betrayal)
    : plan_(what), self_(self), keys_(keys), betrayal_(std::move(betrayal)),
      votes_(self, what.generals, what.rounds()) {
  WEFT_ASSERT(self < what.generals);
  WEFT_ASSERT(keys || what.algorithm == algorithm::oral);
}

std::vector<relay> general_core::start() {
  std::vector<relay> sent;
  if (self_ == commander)
    pass_on(sent, {}, plan_.commanded, {});
  return corrupted(std::move(sent));
}

void general_core::pass_on(std::vector<relay>& sent,
                           const std::vector<general_id>& path, order value,
                           const std::vector<signature>& signatures) const {
  relay next{.instance = plan_.instance,
             .round = static_cast<std::uint32_t>(path.size()) + 1,
             .path = path,
             .from = self_,
             .to = 0,
             .value = value,
             .signatures = signatures};
  next.path.push_back(self_);
  if (plan_.algorithm == algorithm::written)
    sign_last(next, *keys_);
  for (general_id to = 1; to < plan_.generals; ++to)
    if (!holds(next.path, to)) {
      next.to = to;
      sent.push_back(next);
    }
}

std::vector<relay> general_core::corrupted(std::vector<relay> honest) {
  if (!betrayal_)
    return honest;
  return betrayal_->corrupt(round_, std::move(honest), heard_, keys_);
}

bool general_core::well_formed(const relay& message) const {
  const auto& path = message.path;
  return message.instance == plan_.instance && message.to == self_
         && message.round >= 1 && message.round <= plan_.rounds()
         && path.size() == message.round && path.front() == commander
         && all_different(path) && !holds(path, self_)
         && std::all_of(path.begin(), path.end(),
                        [&](general_id who) { return who < plan_.generals; });
}

bool general_core::signatures_hold(const relay& message) const {
  if (message.signatures.size() != message.path.size())
    return false;
  std::span<const general_id> path{message.path};
  for (std::size_t which = 0; which < path.size(); ++which)
    if (!keys_->verify(path[which],
                       signed_bytes(message.instance, path.first(which + 1),
                                    message.value),
                       message.signatures[which]))
      return false;
  return true;
}

general_core::verdict general_core::receive(general_id sender,
                                            const relay& message) {
  if (!well_formed(message))
    return verdict::malformed;
  if (message.round < round_)
    return verdict::late;
  // Signatures before the sender, so that what is forged counts as forged.
  if (plan_.algorithm == algorithm::written && !signatures_hold(message)) {
    ++rejected_;
    return verdict::forged;
  }
  if (sender != message.from || sender != message.path.back())
    return verdict::malformed;
  return take(message);
}

general_core::verdict general_core::take(const relay& message) {
  if (plan_.algorithm == algorithm::oral)
    return votes_.hear(message.path, message.value) ? verdict::accepted
                                                    : verdict::repeated;
  auto known =
      std::any_of(heard_.begin(), heard_.end(), [&](const relay& other) {
        return other.value == message.value && other.round <= message.round;
      });
  if (known)
    return verdict::repeated;
  heard_.push_back(message);
  orders_.insert(message.value);
  return verdict::accepted;
}

std::vector<relay> general_core::oral_relays() const {
  // What did not come is passed on as retreat, like all else.
  std::vector<relay> sent;
  for (const auto& path : votes_.paths(round_))
    pass_on(sent, path, votes_.heard(path), {});
  return sent;
}

std::vector<relay> general_core::written_relays() const {
  // An order is news when it is first heard, and is passed on once.
  std::vector<relay> sent;
  for (const auto& message : heard_) {
    auto earlier =
        std::any_of(heard_.begin(), heard_.end(), [&](const relay& other) {
          return other.value == message.value && other.round < message.round;
        });
    if (message.round == round_ && !earlier)
      pass_on(sent, message.path, message.value, message.signatures);
  }
  return sent;
}

std::vector<relay> general_core::end_round() {
  WEFT_ASSERT(!finished());
  std::vector<relay> sent;
  if (self_ != commander && round_ < plan_.rounds())
    sent =
        plan_.algorithm == algorithm::oral ? oral_relays() : written_relays();
  ++round_;
  return finished() ? std::vector<relay>{} : corrupted(std::move(sent));
}

order general_core::decision() const {
  WEFT_ASSERT(finished());
  if (self_ == commander)
    return plan_.commanded;
  if (plan_.algorithm == algorithm::oral)
    return votes_.decide();
  return orders_ == std::set{order::attack} ? order::attack : order::retreat;
}

} // namespace weft::byzantine

#include "apps/byzantine/actors/general.hpp"

#include "apps/byzantine/post/campaign_core.hpp"
#include "apps/byzantine/signing/ed25519.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace weft::byzantine {

namespace {

using reported = caf::typed_response_promise<general_report>;

std::unique_ptr<key_ring> own_keys(const general_orders& orders) {
  if (orders.what.algorithm == algorithm::oral)
    return nullptr;
  auto all = make_ed25519_keys(orders.what.generals, orders.what.seed);
  return std::move(all[orders.self]);
}

std::unique_ptr<treason> betrayal_of(const general_orders& orders) {
  return orders.what.is_traitor(orders.self)
             ? make_treason(orders.what, orders.self)
             : nullptr;
}

/// Carries the steps of a campaign out.
class campaigner : public std::enable_shared_from_this<campaigner> {
public:
  campaigner(general_actor::pointer self, const space& mail,
             general_orders orders)
      : self_{self}, mail_{mail.in(self)}, orders_{std::move(orders)},
        keys_{own_keys(orders_)}, core_{orders_.what,
                                        orders_.self,
                                        keys_.get(),
                                        betrayal_of(orders_),
                                        {.deadline = orders_.deadline}} {}

  bool started() const { return answer_.has_value(); }

  void start(reported answer) {
    answer_ = std::move(answer);
    take(core_.begin(now()));
  }

private:
  spaces::time_point now() const { return self_->clock().now(); }

  void take(campaign_step next) {
    std::visit([this](auto& step) { take_step(step); }, next);
  }

  void take_step(campaign::post& step) {
    open_writes_ = step.batches.size();
    for (auto& batch : step.batches)
      mail_.write_all(std::move(batch))
          .then([me = shared_from_this()](const auto& written) {
            if (written || me->goes_on("send", written.error()))
              me->wrote();
          });
  }

  void wrote() {
    if (--open_writes_ == 0)
      take(core_.posted(now()));
  }

  void take_step(campaign::wait& step) {
    const auto until = now() + step.timeout;
    mail_.barrier(step.barrier, step.participant, step.parties, step.timeout)
        .then([me = shared_from_this(), until](const auto& gathered) {
          if (gathered)
            me->take(me->core_.gathered());
          else
            me->missed(until, gathered.error());
        });
  }

  /// Not all have come, or nobody can tell: the round takes its full time.
  void missed(spaces::time_point until, const failure& why) {
    if (why.code != errc::timed_out && !goes_on("wait for the others", why))
      return;
    actors::run_after(
        self_, std::max(until - now(), spaces::duration::zero()),
        [me = shared_from_this()] { me->take(me->core_.time_up()); });
  }

  void take_step(campaign::collect& step) {
    mail_.take_all(std::move(step.mail), step.limit)
        .then([me = shared_from_this()](const auto& found) {
          if (found)
            me->take(me->core_.heard(*found, me->now()));
          else if (me->goes_on("read its mail", found.error()))
            me->take(me->core_.heard({}, me->now()));
        });
  }

  void take_step(campaign::finish&) {
    const auto& general = core_.general();
    answer_->deliver(
        general_report{.general = orders_.self,
                       .attacks = general.decision() == order::attack,
                       .messages = core_.messages(),
                       .rejected_signatures = general.rejected_signatures(),
                       .overdue_rounds = core_.overdue_rounds(),
                       .trouble = trouble_});
    self_->quit();
  }

  /// A general that cannot be heard or cannot hear is as good as a silent one,
  /// and the others are there to withstand that; false if the space refuses
  /// what it does, which is wrong for all of them.
  bool goes_on(std::string_view what, const failure& why) {
    const auto text = fmt::format("general {} could not {}: {}", orders_.self,
                                  what, why.message);
    if (trouble_.empty())
      trouble_ = text;
    if (why.code == errc::unavailable || why.code == errc::timed_out)
      return true;
    if (!given_up_) {
      answer_->deliver(to_caf({why.code, text}));
      self_->quit();
    }
    given_up_ = true;
    return false;
  }

  general_actor::pointer self_;
  space_in_actor mail_;
  general_orders orders_;
  std::unique_ptr<key_ring> keys_;
  campaign_core core_;
  std::optional<reported> answer_;
  std::size_t open_writes_ = 0;
  std::string trouble_;
  bool given_up_ = false;
};

} // namespace

general_actor::behavior_type general(general_actor::pointer self,
                                     const space& mail,
                                     const general_orders& orders) {
  auto me = std::make_shared<campaigner>(self, mail, orders);
  actors::run_after(self, muster_time, [weak = std::weak_ptr{me}, self] {
    if (const auto waiting = weak.lock(); waiting && !waiting->started())
      self->quit();
  });
  return {[me, self](start_atom) -> caf::result<general_report> {
            if (me->started())
              return to_caf({errc::already_exists,
                             "the general has begun its run already"});
            auto answer = self->make_response_promise<general_report>();
            me->start(answer);
            return answer;
          },
          [](actors::hop& work) { work.run(); }};
}

general_actor spawn_general(caf::actor_system& system, const space& mail,
                            const general_orders& orders) {
  return system.spawn(general, mail, orders);
}

} // namespace weft::byzantine

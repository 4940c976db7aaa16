#include "runtime/supervision/supervisor_actor.hpp"

#include "runtime/base/text.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/supervision/exits.hpp"
#include "runtime/supervision/supervisor.hpp"

#include <set>

namespace weft::supervision {

namespace {

struct supervisor_state {
  static inline const char* name = "weft.supervisor";
  std::shared_ptr<supervisor> inside;
};

using supervisor_self = caf::stateful_actor<supervisor_state>;

caf::behavior run_supervisor(supervisor_self* self,
                             const supervisor_options& options) {
  state(self).inside = std::make_shared<supervisor>(self, options);
  return state(self).inside->begin();
}

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// Reports a supervisor's start when it is ready.
void start_supervisor(caf::event_based_actor& above,
                      const supervisor_options& options, duration timeout,
                      const start_done& done) {
  if (auto valid = check(options); !valid)
    return done(pass_on(valid));
  // Lazy: the request below is in its mailbox before its children start.
  const auto actor = caf::actor_cast<caf::strong_actor_ptr>(
      above.spawn<caf::lazy_init>(run_supervisor, options));
  const auto handle = caf::actor_cast<supervisor_actor>(actor);
  if (auto* self = dynamic_cast<supervisor_self*>(&above))
    state(self).inside->announce(actor);
  request(&above, handle, timeout, await_ready{})
      .then([done, actor](std::uint64_t) { done(actor); },
            [done, actor](const caf::error& error) {
              send_exit_first(actor, nullptr, caf::exit_reason::user_shutdown);
              done(tl::unexpected(from_caf(error)));
            });
}

} // namespace

result<void> check(const supervisor_options& options) {
  for (const auto part : split(options.path, '/'))
    if (!is_name(part))
      return fail(errc::invalid_argument,
                  "supervisor path: expected names of 1 to 64 characters of "
                  "[A-Za-z0-9_.-] joined by slashes, got \""
                      + options.path + "\"");
  const auto blame = [&](const failure& what) {
    return fail(what.code, "supervisor " + options.path + ": " + what.message);
  };
  if (auto valid = check(options.policy); !valid)
    return blame(valid.error());
  const bool simple = options.policy.strategy == strategy::simple_one_for_one;
  if (simple && options.children.size() != 1)
    return blame({errc::invalid_argument,
                  "simple_one_for_one: expected one child, the template, got "
                      + std::to_string(options.children.size())});
  std::set<std::string_view> ids;
  for (const auto& child : options.children) {
    if (auto valid = check(policy_of(child), options.policy); !valid)
      return blame(valid.error());
    if (!child.start && !simple)
      return blame({errc::invalid_argument,
                    "child " + child.id + " has no start function"});
    if (!ids.insert(child.id).second)
      return blame(
          {errc::invalid_argument, "two children are called " + child.id
                                       + "; each needs an id of its own"});
  }
  return {};
}

result<local_supervisor_actor> spawn_supervisor(caf::actor_system& system,
                                                supervisor_options options) {
  if (auto valid = check(options); !valid)
    return pass_on(valid);
  return caf::actor_cast<local_supervisor_actor>(
      system.spawn(run_supervisor, std::move(options)));
}

child_spec supervisor_child(supervisor_options options, restart_kind restart,
                            duration start_timeout) {
  child_spec result;
  result.id = last_part(options.path);
  result.restart = restart;
  result.kind = child_kind::supervisor;
  result.start_timeout = start_timeout;
  result.start = [options = std::move(options), start_timeout](
                     caf::event_based_actor& above, start_done done) {
    start_supervisor(above, options, start_timeout, done);
  };
  return result;
}

} // namespace weft::supervision

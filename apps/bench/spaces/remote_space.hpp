#pragma once

#include "actors/space/space.hpp"
#include "apps/bench/node_pair.hpp"
#include "runtime/base/result.hpp"

#include <memory>
#include <optional>

namespace weft::bench {

/// The second process: the one shard of a space. As `serve`.
result<void> serve_shard(const certificates& proof,
                         const ready_callback& ready);

/// A space whose one shard is in another process, used from this one through a
/// client actor, as nodes do. Its actor ends with it.
class remote_space {
public:
  /// Fails as `connection::make`. Blocks.
  static result<remote_space> make(caf::actor_system& system,
                                   const certificates& proof,
                                   std::uint16_t port);

  remote_space(remote_space&&) noexcept = default;
  remote_space& operator=(remote_space&&) = delete;
  ~remote_space();

  const space& handle() const { return *handle_; }
  const std::shared_ptr<const actors::space_doors>& doors() const {
    return doors_;
  }

private:
  remote_space(caf::actor_system& system, connection to);

  connection connection_;
  std::shared_ptr<const actors::space_doors> doors_;
  std::optional<space> handle_;
};

} // namespace weft::bench

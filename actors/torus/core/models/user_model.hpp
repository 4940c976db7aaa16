#pragma once

#include "actors/torus/core/event.hpp"
#include "actors/torus/core/turn.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace weft::torus {

/// A model that somebody else brings, as from a module. One serves all sites of
/// its torus; what it has to remember belongs into the site's state or record,
/// which are saved and restored, and not into the model.
class user_model {
public:
  virtual ~user_model() = default;

  /// Names the model and its parameters: tori restore images only of tori that
  /// have the same.
  virtual std::string description() const = 0;

  /// Bytes that the model keeps of each site besides its state. They are part
  /// of the torus's state, and so must not hold pointers or padding.
  virtual std::size_t record_bytes() const { return 0; }

  /// An event at the site of `at`. Called in canonical order for each site; in
  /// no order for different sites at the same time.
  virtual void handle(turn& at, address source, std::int32_t payload) = 0;

  /// What neighbours in the braid see of a site.
  virtual std::int32_t observe(std::uint64_t state) const {
    return static_cast<std::int32_t>(state >> 32);
  }
};

/// Any `user_model`, where a kernel wants a model.
class erased_model {
public:
  explicit erased_model(std::unique_ptr<user_model> model)
      : model_{std::move(model)} {}

  std::string description() const { return model_->description(); }
  std::size_t record_bytes() const { return model_->record_bytes(); }
  void handle(turn& at, address source, std::int32_t payload) const {
    model_->handle(at, source, payload);
  }
  std::int32_t observe(std::uint64_t state) const {
    return model_->observe(state);
  }

private:
  std::unique_ptr<user_model> model_;
};

} // namespace weft::torus

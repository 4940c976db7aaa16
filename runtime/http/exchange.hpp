#pragma once

#include "runtime/http/client.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace weft::http {

/// One request and its answer on a connection of its own. All of it happens on
/// the thread that runs the `io_context`.
class exchange {
public:
  using callback = std::function<void(result<response>)>;

  virtual ~exchange() = default;

  /// Ends it now, with this failure, if it has not ended.
  virtual void end(failure why) = 0;

  /// Checks the arguments and starts; `done` is called once, later or at once.
  static std::shared_ptr<exchange>
  start(const std::shared_ptr<boost::asio::io_context>& io,
        const address& where, const request& what,
        std::chrono::milliseconds timeout, callback done);
};

} // namespace weft::http

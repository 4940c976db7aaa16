#pragma once

#include "runtime/http/server.hpp"
#include "runtime/launcher/launch_shell.hpp"

#include <boost/asio/io_context.hpp>

namespace weft::launcher {

/// Adds the routes of control.hpp to `server`. They are carried out on the
/// thread of `context`; both it and `shell` must outlive the server's run.
void add_routes(http::server& server, boost::asio::io_context& context,
                launch_shell& shell);

} // namespace weft::launcher

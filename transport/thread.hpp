#pragma once

#include <functional>
#include <thread>

namespace weft::transport {

/// Starts a thread that takes none of the process's signals. Throws
/// std::system_error when the system has no more threads.
std::thread start_thread(std::function<void()> run);

} // namespace weft::transport

#include "runtime/launcher/supervisor_link.hpp"

#include "runtime/base/json_text.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace weft::launcher {

namespace {

using json = nlohmann::json;

} // namespace

http::request exited_request(const report_exit& what) {
  const int status = what.pid == 0             ? -1
                     : what.status.signal != 0 ? 128 + what.status.signal
                                               : what.status.code;
  const json body{{"pid", what.pid},
                  {"status", status},
                  {"signal", what.status.signal},
                  {"reason", what.reason}};
  http::request made;
  made.verb = http::method::post;
  made.path = "/api/v1/cluster/exited";
  made.query["node"] = what.node;
  made.body = json_text(body);
  return made;
}

supervisor_link::supervisor_link(
    boost::asio::io_context& context, std::string socket_path,
    std::function<void(const std::string&)> trouble)
    : context_(context), socket_path_(std::move(socket_path)),
      trouble_(std::move(trouble)), pause_(context),
      alive_(std::make_shared<supervisor_link*>(this)) {}

supervisor_link::~supervisor_link() = default;

void supervisor_link::report(http::request what) {
  if (queue_.size() >= queue_max) {
    // The front may be under way, so the one behind it goes.
    const auto oldest = queue_.begin() + (busy_ ? 1 : 0);
    trouble_(fmt::format("too many reports wait for the cluster supervisor; "
                         "dropped {}?node={}",
                         oldest->path, oldest->query["node"]));
    queue_.erase(oldest);
  }
  queue_.push_back(std::move(what));
  if (!busy_)
    next();
}

void supervisor_link::next() {
  busy_ = !queue_.empty();
  attempts_ = 0;
  if (busy_)
    attempt();
}

void supervisor_link::attempt() {
  ++attempts_;
  client_.call({socket_path_, {}, 0}, queue_.front(), answer_timeout,
               [&context = context_,
                weak = std::weak_ptr{alive_}](result<http::response> answer) {
                 boost::asio::post(context, [weak, answer = std::move(answer)] {
                   if (const auto self = weak.lock())
                     (*self)->answered(answer);
                 });
               });
}

void supervisor_link::answered(const result<http::response>& answer) {
  // 5xx and no answer may be better next time, 4xx will not.
  const bool settled = answer && answer->status < 500;
  if (!settled && attempts_ < attempts_max) {
    pause_.expires_after(first_pause * (1 << attempts_));
    pause_.async_wait([weak = std::weak_ptr{alive_}](const auto& error) {
      if (const auto self = weak.lock(); self && !error)
        (*self)->attempt();
    });
    return;
  }
  if (!settled || answer->status >= 400) {
    const auto& what = queue_.front();
    const auto why = answer ? http::failure_of(*answer) : answer.error();
    trouble_(fmt::format("the cluster supervisor did not take {}?node={}: {}",
                         what.path, what.query.at("node"), to_string(why)));
  }
  queue_.pop_front();
  next();
}

} // namespace weft::launcher

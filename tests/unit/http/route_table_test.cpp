#include "runtime/http/route_table.hpp"

#include <doctest/doctest.h>

namespace weft::http {

namespace {

/// Routes that answer with their own name.
class named_routes {
public:
  void add(method verb, const std::string& path) {
    table.add(verb, path, [path](const request&, const reply& to) {
      to({200, "text/plain", path});
    });
  }

  std::string serve(method verb, std::string_view path) const {
    const auto match = table.find(verb, path);
    std::string name = "none";
    if (match.serve)
      (*match.serve)({}, [&name](response answer) { name = answer.body; });
    return name;
  }

  route_table table;
};

} // namespace

TEST_CASE(
    "an exact path goes before a pattern, a longer one before a shorter") {
  named_routes routes;
  for (const auto* path : {"/*", "/api/*", "/api/nodes/*", "/api/nodes/n1"})
    routes.add(method::get, path);
  CHECK(routes.serve(method::get, "/api/nodes/n1") == "/api/nodes/n1");
  CHECK(routes.serve(method::get, "/api/nodes/n2") == "/api/nodes/*");
  CHECK(routes.serve(method::get, "/api/nodes/n2/hello/g") == "/api/nodes/*");
  CHECK(routes.serve(method::get, "/api/nodes/") == "/api/nodes/*");
  CHECK(routes.serve(method::get, "/api/nodes") == "/api/*");
  CHECK(routes.serve(method::get, "/") == "/*");
  CHECK(routes.serve(method::get, "/x") == "/*");
}

TEST_CASE("unknown paths and unknown verbs are told apart") {
  named_routes routes;
  routes.add(method::get, "/a");
  routes.add(method::post, "/a");
  routes.add(method::post, "/b/*");
  CHECK(routes.table.find(method::get, "/none").allowed.empty());
  CHECK(routes.table.find(method::get, "").allowed.empty());
  CHECK(routes.table.find(method::get, "/b").allowed.empty());
  CHECK(routes.table.find(method::get, "/a").allowed == "GET, HEAD, POST");
  const auto wrong = routes.table.find(method::get, "/b/c");
  CHECK(wrong.serve == nullptr);
  CHECK(wrong.allowed == "POST");
}

TEST_CASE("a verb that the nearest route lacks is found at the next") {
  named_routes routes;
  routes.add(method::get, "/a/b");
  routes.add(method::post, "/a/*");
  CHECK(routes.serve(method::post, "/a/b") == "/a/*");
  CHECK(routes.table.find(method::post, "/a/b").allowed == "GET, HEAD, POST");
}

} // namespace weft::http

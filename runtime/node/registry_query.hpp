#pragma once

#include "actors/registry/registry_actor.hpp"
#include "runtime/base/result.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>

namespace weft {

/// What an operator asks the registry, from the parameters of a request:
/// `tenant`, and as they are wanted `namespace`, `kind`, `backend`,
/// `capability` ("a,b": all of them), `label` ("zone=eu,tier=1"), `health`
/// ("healthy,degraded": any), `after` and `limit`. Fails with
/// `invalid_argument`, also for a parameter that there is not.
result<actors::discover_services>
parse_discovery(const std::map<std::string, std::string>& parameters);

/// {"tenant", "namespace", "name", "kind", "health", ...} of a service.
nlohmann::json service_json(const actors::registration& what);

/// {"ok", "services", "next"}; `next` is null on the last page.
nlohmann::json services_json(const actors::service_page& page);

/// {"ok", "names"}.
nlohmann::json names_json(const std::vector<actors::registration>& names);

} // namespace weft

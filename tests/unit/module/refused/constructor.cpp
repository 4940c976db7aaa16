// Refused: the class has no constructor
#include <weft/weft.hpp>

class sleeper : public caf::event_based_actor {
public:
  sleeper(caf::actor_config& config, int) : event_based_actor{config} {}
};

WEFT_MODULE(refused) {
  module.actor<sleeper>("sleeper");
}

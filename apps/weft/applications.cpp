#include "apps/byzantine/actors/module.hpp"
#include "apps/heat/actors/heat_job.hpp"
#include "runtime/module/module.hpp"

// The applications that come with the program; a cluster file need not name
// this module.
WEFT_MODULE(weft) {
  weft::heat::register_in(module);
  weft::byzantine::register_in(module);
}

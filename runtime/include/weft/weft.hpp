#pragma once

/// Everything that an application on weft needs: typed actors and messages
/// (runtime/caf), modules, arguments, jobs and the context (runtime/module).

#include "runtime/base/result.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/version.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/caf/real.hpp"
#include "runtime/caf/type_ids.hpp"
#include "runtime/module/context.hpp"
#include "runtime/module/job.hpp"
#include "runtime/module/module.hpp"

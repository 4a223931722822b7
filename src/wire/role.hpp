// The public Role, under the name that the layers use.
#pragma once

#include "heliograph/role.hpp"

namespace heliograph::wire {

using heliograph::Role;
using heliograph::to_string;

}  // namespace heliograph::wire

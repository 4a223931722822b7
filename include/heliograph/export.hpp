// HELIOGRAPH_API marks what the shared libraries export; everything else in them is hidden.
#pragma once

#if defined(__GNUC__)
#define HELIOGRAPH_API __attribute__((visibility("default")))
#else
#define HELIOGRAPH_API
#endif

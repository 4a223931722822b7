// What a program's standard descriptors must be before anything else is opened.
#pragma once

namespace heliograph {

/// Opens /dev/null in the place of each that is closed, so that nothing else gets its number and is taken for standard
/// input, or written to as standard output; and has writes to a pipe that nobody reads fail, not end the program. First
/// thing in main().
void prepare_standard_streams() noexcept;

}  // namespace heliograph

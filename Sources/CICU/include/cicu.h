// What is used of ICU's spoof checker (uspoof.h). Its functions are macros with the version in them, which Swift cannot call.
#ifndef PARLEY_CICU_H
#define PARLEY_CICU_H

#include <stdint.h>

// The skeleton of a text (UTS #39, section 4): two texts that look alike have the same. UTF-8, any thread.
// Returns its length in bytes, which may be more than `capacity` (then it has to be asked again), or -1 where it failed.
int32_t parley_icu_skeleton(const char *text, int32_t length, char *skeleton, int32_t capacity);

// Whether a text mixes scripts in a way that "highly restrictive" (UTS #39, section 5.2) does not allow. 1, 0, or -1
// where it could not be looked at.
int parley_icu_mixes_scripts(const char *text, int32_t length);

#endif

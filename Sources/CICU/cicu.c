#include "cicu.h"

#include <pthread.h>
#include <stddef.h>
#include <unicode/uspoof.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static USpoofChecker *checker = NULL;

// A checker that nobody changes any more may be used by many threads at once (uspoof.h).
static void open_checker(void) {
    UErrorCode status = U_ZERO_ERROR;
    USpoofChecker *opened = uspoof_open(&status);
    uspoof_setRestrictionLevel(opened, USPOOF_HIGHLY_RESTRICTIVE);
    uspoof_setChecks(opened, USPOOF_RESTRICTION_LEVEL, &status);
    if (U_SUCCESS(status)) checker = opened;
}

int32_t parley_icu_skeleton(const char *text, int32_t length, char *skeleton, int32_t capacity) {
    pthread_once(&once, open_checker);
    if (checker == NULL) return -1;
    UErrorCode status = U_ZERO_ERROR;
    int32_t needed = uspoof_getSkeletonUTF8(checker, 0, text, length, skeleton, capacity, &status);
    return U_SUCCESS(status) || status == U_BUFFER_OVERFLOW_ERROR ? needed : -1;
}

int parley_icu_mixes_scripts(const char *text, int32_t length) {
    pthread_once(&once, open_checker);
    if (checker == NULL) return -1;
    UErrorCode status = U_ZERO_ERROR;
    int32_t failed = uspoof_checkUTF8(checker, text, length, NULL, &status);
    if (U_FAILURE(status)) return -1;
    return (failed & USPOOF_RESTRICTION_LEVEL) != 0;
}

/* Shows the Thread Sanitizer the steps of Swift's Mutex that it cannot see. dev/test-threads preloads this.

   Where nobody else is at a Mutex, the ways in and out of it are inlined into our code and instrumented there. Where
   somebody is, both go through the standard library, which is not, and into the kernel: what is done under the lock
   then looks like a race with what was done under it before. Suppressing such reports by name would hide a real race at
   the same place, and more of them would have to be named with each Mutex. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

/* Methods of Synchronization._MutexHandle, by Swift's calling convention and under their mangled names. */
#define METHOD __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

/* Only a program that was built with the sanitizer has these; the tools that start the tests have not. */
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

METHOD void lock_slow(uint32_t thread, SELF mutex) __asm__(LOCK);
METHOD bool try_lock_slow(SELF mutex) __asm__(TRY_LOCK);
METHOD void unlock_slow(SELF mutex) __asm__(UNLOCK);

METHOD void lock_slow(uint32_t thread, SELF mutex) {
    METHOD void (*real)(uint32_t, SELF) = (METHOD void (*)(uint32_t, SELF))dlsym(RTLD_NEXT, LOCK);
    real(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

METHOD bool try_lock_slow(SELF mutex) {
    METHOD bool (*real)(SELF) = (METHOD bool (*)(SELF))dlsym(RTLD_NEXT, TRY_LOCK);
    bool is_mine = real(mutex);
    if (is_mine && __tsan_acquire) __tsan_acquire(mutex);
    return is_mine;
}

METHOD void unlock_slow(SELF mutex) {
    METHOD void (*real)(SELF) = (METHOD void (*)(SELF))dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(mutex);
    real(mutex);
}

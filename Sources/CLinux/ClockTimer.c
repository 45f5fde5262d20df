#include "CLinux.h"

#include <stdint.h>
#include <sys/timerfd.h>
#include <time.h>

int linux_make_clock_timer(void) { return timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK); }

int linux_arm_clock_timer(int timer) {
    // The kernel takes what its clock does not hold for the latest moment it knows.
    struct itimerspec never = {.it_value = {.tv_sec = sizeof(time_t) == 8 ? INT64_MAX : INT32_MAX}};
    return timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Error numbers of AOS calls and invocations: returned negated, equal to
 * Linux's numbers so that one table of messages serves both worlds.
 */
#ifndef ABI_ERRNO_H
#define ABI_ERRNO_H

#define AOS_EPERM      1  /* the capability lacks the right */
#define AOS_ENOENT     2  /* empty capability slot, no such object */
#define AOS_EAGAIN    11  /* nothing there now, or the world has moved: look again */
#define AOS_ENOMEM    12  /* out of frames, slots or objects */
#define AOS_EFAULT    14  /* the callee faulted; the invocation was unwound */
#define AOS_EBUSY     16  /* object in use */
#define AOS_EEXIST    17  /* slot or address already taken */
#define AOS_EINVAL    22  /* argument out of range */
#define AOS_ENOSPC    28  /* ring or table full */
#define AOS_EDEADLK   35  /* waiting would never end */
#define AOS_ENOSYS    38  /* no such operation on this kind of capability */
#define AOS_EOVERFLOW 75  /* invocation stack full */
#define AOS_EMSGSIZE  90  /* longer than a message may be, or than there is room for */
#define AOS_ENOTCONN  107 /* nobody is at the other end */
#define AOS_ETIMEDOUT 110 /* the time given was not enough */
#define AOS_EHOSTDOWN 112 /* the component is stopped */
#define AOS_EDQUOT    122 /* the thread has used up its budget */

#endif

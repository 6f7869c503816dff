// SPDX-License-Identifier: GPL-2.0-or-later
/* What an error number means, in words for a log line. */
#include "aos.h"

const char *aos_error(int64_t err)
{
	switch (-err) {
	case AOS_EPERM:
		return "not permitted";
	case AOS_ENOENT:
		return "no such object";
	case AOS_EAGAIN:
		return "nothing there now";
	case AOS_ENOMEM:
		return "no room for another";
	case AOS_EFAULT:
		return "the callee faulted";
	case AOS_EBUSY:
		return "in use";
	case AOS_EEXIST:
		return "already taken";
	case AOS_EINVAL:
		return "argument out of range";
	case AOS_ENOSPC:
		return "full";
	case AOS_EDEADLK:
		return "waiting would never end";
	case AOS_ENOSYS:
		return "no such operation";
	case AOS_EOVERFLOW:
		return "too many nested invocations";
	case AOS_EMSGSIZE:
		return "longer than there is room for";
	case AOS_ENOTCONN:
		return "nobody is at the other end";
	case AOS_ETIMEDOUT:
		return "it took too long";
	case AOS_EHOSTDOWN:
		return "the component is stopped";
	case AOS_EDQUOT:
		return "budget used up";
	default:
		return "unknown error";
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/kmux: copy in, one call, copy out.  See uapi/kmux.h. */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "hijack/kmux/kmux.h"

/* Behind file->private_data. */
struct kmux_file {
	struct mutex lock;
	struct kmux_attachment *at;	/* set once, under the lock; held */
};

static int kmux_open(struct inode *inode, struct file *file)
{
	struct kmux_file *kf = kzalloc(sizeof(*kf), GFP_KERNEL_ACCOUNT);

	if (!kf)
		return -ENOMEM;
	mutex_init(&kf->lock);
	file->private_data = kf;
	return 0;
}

static int kmux_release(struct inode *inode, struct file *file)
{
	struct kmux_file *kf = file->private_data;

	if (kf->at)
		kmux_attachment_put(kf->at);
	kfree(kf);
	return 0;
}

static int check_attach(const struct kmux_rules *rules)
{
	if (rules->flags & ~(KMUX_INHERIT | KMUX_AT_EXEC))
		return -EINVAL;
	if (!rules->threads || rules->threads > KMUX_MAX_THREADS)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN) && !task_no_new_privs(current))
		return -EPERM;
	if (scope_of_current())
		return -EALREADY;
	return !(rules->flags & KMUX_AT_EXEC) && refuse_is_shared() ? -EBUSY : 0;
}

static long attach(struct kmux_file *kf, const struct kmux_rules *rules)
{
	struct kmux_attachment *at;
	int err;

	if (kf->at)
		return -EBUSY;
	err = check_attach(rules);
	if (!err)
		err = kmux_attachment_new(rules, &at);
	if (err)
		return err;
	kmux_thread_attach(at, rules->flags & KMUX_AT_EXEC);
	/* Release: pairs with kmux_read(). */
	smp_store_release(&kf->at, at);
	return 0;
}

static long narrow(const struct kmux_rules *rules)
{
	struct kmux_thread *thread = kmux_thread_current();
	const struct kmux_filter *filter;
	int err;

	if (rules->flags || rules->threads)
		return -EINVAL;
	if (!thread)
		return -ESRCH;
	err = kmux_attachment_narrow(thread->attachment, rules, thread->filter, &filter);
	if (!err)
		kmux_thread_narrow(thread, filter);
	return err;
}

static long with_rules(struct kmux_file *kf, unsigned int cmd, void __user *arg)
{
	struct kmux_rules *rules = memdup_user(arg, sizeof(*rules));
	long err;

	if (IS_ERR(rules))
		return PTR_ERR(rules);
	err = cmd == KMUX_ATTACH ? attach(kf, rules) : narrow(rules);
	kfree(rules);
	return err;
}

static long watch(struct kmux_file *kf, unsigned long number)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (kf->at)
		return -EBUSY;
	if (!number || number > INT_MAX)
		return -EINVAL;
	/* Release: pairs with kmux_read(). */
	smp_store_release(&kf->at, kmux_attachment_find(number));
	return kf->at ? 0 : -ESRCH;
}

static long status(struct kmux_file *kf, void __user *arg)
{
	struct kmux_attachment *at = kf->at;
	struct kmux_status st;

	if (!at)
		return -ENODATA;
	st = (struct kmux_status){
		.threads = atomic_read(&at->running),
		.limit = at->nthreads,
		.refused = atomic64_read(&at->refused),
		.logged = atomic64_read(&at->log.head),
		.dropped = atomic64_read(&at->log.dropped),
	};
	return copy_to_user(arg, &st, sizeof(st)) ? -EFAULT : 0;
}

static long kmux_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct kmux_file *kf = file->private_data;
	void __user *p = (void __user *)arg;
	long err;

	if (mutex_lock_interruptible(&kf->lock))
		return -EINTR;
	switch (cmd) {
	case KMUX_ATTACH:
	case KMUX_NARROW:
		err = with_rules(kf, cmd, p);
		break;
	case KMUX_WATCH:
		err = watch(kf, arg);
		break;
	case KMUX_STATUS:
		err = status(kf, p);
		break;
	default:
		err = -ENOTTY;
	}
	mutex_unlock(&kf->lock);
	return err;
}

/* Whole records only.  What cannot be copied stays in the log. */
static ssize_t read_records(struct kmux_attachment *at, char __user *buf, size_t len)
{
	const struct kmux_record *record;
	size_t done = 0;

	while (len - done >= sizeof(*record)) {
		record = kmux_log_peek(&at->log);
		if (!record)
			break;
		if (copy_to_user(buf + done, record, sizeof(*record)))
			return done ? done : -EFAULT;
		kmux_log_next(&at->log);
		done += sizeof(*record);
	}
	return done;
}

static ssize_t kmux_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct kmux_file *kf = file->private_data;
	/* Acquire: pairs with attach() and watch(). */
	struct kmux_attachment *at = smp_load_acquire(&kf->at);
	ssize_t n;

	if (!at)
		return -ENODATA;
	if (len < sizeof(struct kmux_record))
		return -EINVAL;
	if (mutex_lock_interruptible(&at->reading))
		return -EINTR;
	n = read_records(at, buf, len);
	mutex_unlock(&at->reading);
	return n;
}

static const struct file_operations kmux_fops = {
	.owner = THIS_MODULE,
	.open = kmux_open,
	.release = kmux_release,
	.unlocked_ioctl = kmux_ioctl,
	.read = kmux_read,
	.llseek = no_llseek,
};

static struct miscdevice kmux_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "kmux",
	.fops = &kmux_fops,
	.mode = 0600,
};

int kmux_init(void)
{
	int err = kmux_hooks_find();

	return err ? err : misc_register(&kmux_misc);
}

void kmux_exit(void)
{
	misc_deregister(&kmux_misc);
	kmux_attachments_exit();
}

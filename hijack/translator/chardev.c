// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/translator: the process's end of a translator channel.  See uapi/translator.h. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include "abi/image.h"
#include "hijack/translator/translator.h"
#include "hijack/uapi/translator.h"

static_assert(TRANSLATOR_NAME_LEN == HIJACK_NAME_LEN && TRANSLATOR_NAME_LEN == ABI_NAME_LEN);

/* Behind file->private_data. */
struct translator_file {
	struct mutex lock;
	struct translator *tr;		/* set once, under the lock; with its channel */
};

static int translator_open(struct inode *inode, struct file *file)
{
	struct translator_file *tf = kzalloc(sizeof(*tf), GFP_KERNEL_ACCOUNT);

	if (!tf)
		return -ENOMEM;
	mutex_init(&tf->lock);
	file->private_data = tf;
	return nonseekable_open(inode, file);
}

/* Every mapping holds the file: they are gone as well. */
static int translator_close(struct inode *inode, struct file *file)
{
	struct translator_file *tf = file->private_data;

	if (tf->tr) {
		translator_release(tf->tr);
		channel_put(tf->tr->channel);
	}
	kfree(tf);
	return 0;
}

/* NULL before BIND. */
static struct translator *translator_of(struct file *file)
{
	struct translator_file *tf = file->private_data;

	/* Acquire: pairs with bind(). */
	return smp_load_acquire(&tf->tr);
}

/* ---- BIND ---- */

static int check_bind(const struct translator_bind *bind)
{
	if (bind->size != sizeof(*bind) || bind->revision != TRANSLATOR_REVISION)
		return -EPROTO;
	if (bind->flags || bind->pad || !bind->channel[0] ||
	    bind->channel[TRANSLATOR_NAME_LEN - 1] || bind->instance[TRANSLATOR_NAME_LEN - 1])
		return -EINVAL;
	return 0;
}

/* With a reference to its channel, or an ERR_PTR(). */
static struct translator *translator_find(const struct translator_bind *bind)
{
	struct hijack_instance *inst = host_find(bind->instance);
	struct hijack_channel *ch;
	bool over;

	if (!inst)
		return ERR_PTR(-ENODEV);
	ch = channel_get(inst, IMAGE_CHANNEL_TRANSLATOR, bind->channel);
	over = READ_ONCE(inst->torn_down);
	host_put(inst);
	if (!ch)
		return ERR_PTR(over ? -ENODEV : -ENOENT);
	return channel_priv(ch);
}

static long bind(struct translator_file *tf, struct translator_bind __user *arg)
{
	struct translator_bind bind;
	struct translator *tr;
	int err;

	if (copy_from_user(&bind, arg, sizeof(bind)))
		return -EFAULT;
	err = check_bind(&bind);
	if (err)
		return err;
	if (tf->tr)
		return -EISCONN;
	tr = translator_find(&bind);
	if (IS_ERR(tr))
		return PTR_ERR(tr);
	bind.to_aos = tr->to_aos;
	bind.from_aos = tr->from_aos;
	err = copy_to_user(arg, &bind, sizeof(bind)) ? -EFAULT : translator_claim(tr);
	if (err) {
		channel_put(tr->channel);
		return err;
	}
	/* Release: pairs with translator_of(). */
	smp_store_release(&tf->tr, tr);
	return 0;
}

static long translator_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct translator_file *tf = file->private_data;
	long err;

	if (cmd != TRANSLATOR_BIND)
		return translator_of(file) ? -ENOTTY : -ENOTCONN;
	if (mutex_lock_interruptible(&tf->lock))
		return -ERESTARTSYS;
	err = bind(tf, (void __user *)arg);
	mutex_unlock(&tf->lock);
	return err;
}

/* ---- events ---- */

/* A signal, the AOS's end, or events (>= 1). */
static s64 wait_for_rings(struct translator *tr)
{
	s64 n = 0;
	int err;

	if (mutex_lock_interruptible(&tr->reading))
		return -ERESTARTSYS;
	err = rcuwait_wait_event(&tr->reader,
				 (n = channel_take_rings(tr->channel)) ||
				 !hijack_channel_attached(tr->channel), TASK_INTERRUPTIBLE);
	mutex_unlock(&tr->reading);
	return err && !n ? -ERESTARTSYS : n;
}

/* Events that came before the AOS ended are read first. */
static s64 take_rings(struct translator *tr, bool nonblock)
{
	s64 n = channel_take_rings(tr->channel);

	if (n)
		return n;
	if (!nonblock)
		n = wait_for_rings(tr);
	else if (hijack_channel_attached(tr->channel))
		return -EAGAIN;
	/* The last one may have come in between. */
	return n ?: (s64)channel_take_rings(tr->channel) ?: -ENODEV;
}

static ssize_t translator_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct translator *tr = translator_of(file);
	s64 n;

	if (!tr)
		return -ENOTCONN;
	if (len < sizeof(n))
		return -EINVAL;
	n = take_rings(tr, file->f_flags & O_NONBLOCK);
	if (n < 0)
		return n;
	/* What cannot be told is lost to a caller that gives no memory. */
	return put_user((u64)n, (u64 __user *)buf) ? -EFAULT : (ssize_t)sizeof(n);
}

static ssize_t translator_write(struct file *file, const char __user *buf, size_t len,
				loff_t *pos)
{
	struct translator *tr = translator_of(file);
	u64 n;

	if (!tr)
		return -ENOTCONN;
	if (len != sizeof(n))
		return -EINVAL;
	if (get_user(n, (const u64 __user *)buf))
		return -EFAULT;
	if (n != 1)
		return -EINVAL;
	if (!hijack_channel_attached(tr->channel))
		return -EPIPE;
	hijack_channel_signal(tr->channel);
	cond_resched();	/* the AOS, if it is on this CPU, is more urgent: now */
	return sizeof(n);
}

static __poll_t translator_poll(struct file *file, poll_table *wait)
{
	struct translator *tr = translator_of(file);
	__poll_t mask;

	if (!tr)
		return EPOLLERR;
	poll_wait(file, &tr->pollers, wait);
	smp_mb();	/* Queued, then look: pairs with translator_doorbell(). */
	mask = channel_has_rings(tr->channel) ? EPOLLIN | EPOLLRDNORM : 0;
	if (hijack_channel_attached(tr->channel))
		return mask | EPOLLOUT | EPOLLWRNORM;
	return mask | EPOLLHUP | EPOLLERR;
}

/* ---- memory ---- */

static struct page *part_page(struct translator *tr, enum ring_part part, unsigned long page)
{
	if (page >= translator_part_bytes(part, tr->to_aos, tr->from_aos) / PAGE_SIZE)
		return NULL;
	return vmalloc_to_page(hijack_channel_part(tr->channel, part) + page * PAGE_SIZE);
}

/* The page at an offset of the file, or NULL. */
static struct page *page_at(struct translator *tr, unsigned long pgoff)
{
	unsigned long own = TRANSLATOR_MAP_WRITE / PAGE_SIZE;

	if (pgoff >= own)
		return part_page(tr, RING_PART_HOST,
				 pgoff - own + TRANSLATOR_PROCESS_OFF / PAGE_SIZE);
	if (!pgoff)
		return part_page(tr, RING_PART_HOST, 0);
	return part_page(tr, RING_PART_CTRL, pgoff - 1);
}

static int check_mapping(struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	if (vma->vm_pgoff >= TRANSLATOR_MAP_WRITE / PAGE_SIZE)
		return 0;
	/* What the peer and Linux write is for reading only, now and later. */
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	vma->vm_flags &= ~VM_MAYWRITE;
	return 0;
}

/* Each page lives until its last unmap, by its own count and by the file's. */
static int translator_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct translator *tr = translator_of(file);
	unsigned long i, pages = vma_pages(vma);
	int err;

	if (!tr)
		return -ENOTCONN;
	err = check_mapping(vma);
	vma->vm_flags &= ~VM_MAYEXEC;
	vma->vm_flags |= VM_DONTEXPAND | VM_DONTCOPY | VM_DONTDUMP;
	for (i = 0; !err && i < pages; i++) {
		struct page *page = page_at(tr, vma->vm_pgoff + i);

		err = page ? vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, page) : -EINVAL;
	}
	return err;
}

static const struct file_operations translator_fops = {
	.owner = THIS_MODULE,
	.open = translator_open,
	.release = translator_close,
	.unlocked_ioctl = translator_ioctl,
	.read = translator_read,
	.write = translator_write,
	.poll = translator_poll,
	.mmap = translator_mmap,
	.llseek = no_llseek,
};

/* Root's, until udev or aosctl gives it to a group. */
static struct miscdevice translator_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "translator",
	.fops = &translator_fops,
	.mode = 0660,
};

int translator_init(void)
{
	return misc_register(&translator_misc);
}

void translator_exit(void)
{
	misc_deregister(&translator_misc);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/hijack: copy in, one call, copy out.  See uapi/hijack.h. */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include "abi/histogram.h"
#include "aos/kernel.h"
#include "hijack/hijack.h"

static_assert(HIJACK_COUNTER_PAGES == AOS_MAX_COMPONENTS);
static_assert(HIJACK_SHOWN_PAGES == SHOWN_PAGES && HIJACK_SHOWN_PAGES < HIJACK_MIN_FRAMES);

/* Behind file->private_data.  `inst` is set once (hijack_lock). */
struct hijack_file {
	struct mutex lock;
	struct hijack_instance *inst;
	bool owner;			/* it was set up here, and ends with this file */
};

static int hijack_open(struct inode *inode, struct file *file)
{
	struct hijack_file *hf;

	if ((file->f_mode & FMODE_WRITE) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	hf = kzalloc(sizeof(*hf), GFP_KERNEL);
	if (!hf)
		return -ENOMEM;
	mutex_init(&hf->lock);
	file->private_data = hf;
	return 0;
}

static int hijack_release(struct inode *inode, struct file *file)
{
	struct hijack_file *hf = file->private_data;

	if (hf->inst && hf->owner)
		host_release(hf->inst);
	else if (hf->inst)
		host_put(hf->inst);
	kfree(hf);
	return 0;
}

static long ioctl_setup(struct hijack_file *hf, void __user *arg)
{
	struct hijack_setup setup;
	int err;

	if (copy_from_user(&setup, arg, sizeof(setup)))
		return -EFAULT;
	if (hf->inst)
		return -EBUSY;
	err = host_setup(&setup, &hf->inst);
	hf->owner = hf->inst;
	return err;
}

static int copy_name(char name[HIJACK_NAME_LEN], void __user *arg)
{
	if (copy_from_user(name, arg, HIJACK_NAME_LEN))
		return -EFAULT;
	return name[HIJACK_NAME_LEN - 1] ? -EINVAL : 0;
}

static long ioctl_attach(struct hijack_file *hf, void __user *arg)
{
	char name[HIJACK_NAME_LEN];
	int err = copy_name(name, arg);

	if (err)
		return err;
	if (hf->inst)
		return -EBUSY;
	hf->inst = host_find(name);
	return hf->inst ? 0 : -ENOENT;
}

static long ioctl_stop(void __user *arg)
{
	char name[HIJACK_NAME_LEN];
	struct hijack_instance *inst;
	int err = copy_name(name, arg);

	if (err)
		return err;
	inst = host_find(name);
	if (!inst)
		return -ENOENT;
	host_stop(inst);
	host_put(inst);
	return 0;
}

static void fill_status(struct hijack_status *st, struct hijack_instance *inst)
{
	const struct aos *aos = inst->aos;
	int i;

	memcpy(st->name, inst->name, sizeof(st->name));
	st->state = inst->state;
	st->cpu = inst->cpu;
	st->pid = inst->task ? task_pid_vnr(inst->task) : 0;
	st->frames = inst->mem.nframes;
	st->exit_status = inst->exit_status;
	st->upcalls = inst->upcalls;
	st->polls = inst->polls;
	st->entries = inst->scope.entries;
	if (!aos)
		return;
	st->frames_used = frame_count_used(aos);
	st->components = aos->ncomps;
	for (i = 0; i < AOS_MAX_THREADS; i++)
		st->threads += aos->threads[i].state != THREAD_FREE;
	st->syscalls = aos->stats.syscalls;
	st->faults = aos->stats.faults;
	st->idles = aos->stats.idles;
	st->doorbells = aos->stats.doorbells;
}

static long ioctl_status(void __user *arg)
{
	struct hijack_status st;
	struct hijack_instance *inst;

	if (copy_from_user(&st, arg, sizeof(st)))
		return -EFAULT;
	if (st.size != sizeof(st) || st.flags || st.name[HIJACK_NAME_LEN - 1])
		return -EINVAL;
	inst = host_find(st.name);
	if (!inst)
		return -ENOENT;
	memset(&st, 0, sizeof(st));
	st.size = sizeof(st);
	mutex_lock(&hijack_lock);
	fill_status(&st, inst);
	mutex_unlock(&hijack_lock);
	host_put(inst);
	return copy_to_user(arg, &st, sizeof(st)) ? -EFAULT : 0;
}

/* The descriptor must be this very file: the AOS names it when it idles. */
static long ioctl_enter(struct hijack_file *hf, struct file *file, unsigned long fd)
{
	struct fd f;
	bool same;

	if (!hf->inst || !hf->owner || fd > INT_MAX)
		return -EINVAL;
	f = fdget(fd);
	same = f.file == file;
	fdput(f);
	return same ? host_enter(hf->inst, fd) : -EBADF;
}

static bool is_aos_thread(const struct hijack_file *hf)
{
	return hf->inst && hf->owner && hf->inst->task == current && hf->inst->in_linux;
}

/* A file that was opened for reading is for looking. */
static bool only_looks(unsigned int cmd)
{
	return cmd == HIJACK_STATUS || cmd == HIJACK_ATTACH;
}

static long hijack_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct hijack_file *hf = file->private_data;
	void __user *p = (void __user *)arg;
	long ret;

	if (!(file->f_mode & FMODE_WRITE) && !only_looks(cmd))
		return -EBADF;
	switch (cmd) {
	case HIJACK_IDLE:
		return is_aos_thread(hf) ? idle_until_event(hf->inst) : -EPERM;
	case HIJACK_PIN:
		return is_aos_thread(hf) && hf->inst->host_pages.asked ?
			host_pin(hf->inst) : -EPERM;
	case HIJACK_LEAVE:
		return is_aos_thread(hf) ? host_leave(hf->inst) : -EPERM;
	case HIJACK_STATUS:
		return ioctl_status(p);
	case HIJACK_STOP:
		return ioctl_stop(p);
	}
	if (mutex_lock_interruptible(&hf->lock))
		return -EINTR;
	switch (cmd) {
	case HIJACK_SETUP:
		ret = ioctl_setup(hf, p);
		break;
	case HIJACK_ATTACH:
		ret = ioctl_attach(hf, p);
		break;
	case HIJACK_ENTER:
		ret = ioctl_enter(hf, file, arg);
		break;
	default:
		ret = -ENOTTY;
	}
	mutex_unlock(&hf->lock);
	return ret;
}

static ssize_t hijack_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct hijack_file *hf = file->private_data;

	return hf->inst ? log_read(&hf->inst->log, buf, len, pos) : -ENODATA;
}

/* Counters and histograms, read-only for ever; each page lives until its last unmap. */
static int hijack_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct hijack_file *hf = file->private_data;
	unsigned long i, pages = vma_pages(vma);
	int err = 0;

	if (!hf->inst)
		return -ENODATA;
	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EPERM;
	if (vma->vm_pgoff || pages > HIJACK_SHOWN_PAGES)
		return -EINVAL;
	vma->vm_flags &= ~(VM_MAYWRITE | VM_MAYEXEC);
	vma->vm_flags |= VM_DONTEXPAND | VM_DONTCOPY | VM_DONTDUMP;
	mutex_lock(&hijack_lock);
	if (!hf->inst->mem.nframes)
		err = -ENODATA;
	for (i = 0; !err && i < pages; i++)
		err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE,
				     mem_frame_page(&hf->inst->mem, i));
	mutex_unlock(&hijack_lock);
	return err;
}

static const struct file_operations hijack_fops = {
	.owner = THIS_MODULE,
	.open = hijack_open,
	.release = hijack_release,
	.unlocked_ioctl = hijack_ioctl,
	.read = hijack_read,
	.mmap = hijack_mmap,
	.llseek = no_llseek,
};

static struct miscdevice hijack_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "hijack",
	.fops = &hijack_fops,
	.mode = 0600,
};

int chardev_init(void)
{
	return misc_register(&hijack_misc);
}

void chardev_exit(void)
{
	misc_deregister(&hijack_misc);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Boot: a good image becomes a loader; no bad image harms or is taken for good. */
#include "abi/histogram.h"
#include "aos_test.h"

#define FRAMES (SHOWN_PAGES + 104)	/* enough for the loader */

/* Each test image is copied to a block of its exact size: ASan guards its end. */
struct boot_try {
	struct fake_host host;
	struct aos aos;
	struct aos_regs regs;
	struct aos_frame *frames;
};

static int try_boot(struct boot_try *b, const void *image, uint32_t size, uint32_t nframes,
		    bool kpti)
{
	struct bootinfo info = { .magic = BOOTINFO_MAGIC, .revision = BOOTINFO_REVISION,
				 .nchannels = 1, .random = 42 };
	uint8_t *copy = malloc(size ? size : 1);
	int err;

	memset(b, 0, sizeof(*b));
	fake_host_open(&b->host, nframes, kpti, false);
	b->frames = calloc(nframes ? nframes : 1, sizeof(*b->frames));
	assert_non_null(copy);
	assert_non_null(b->frames);
	memcpy(copy, image, size);
	b->aos.host = &b->host;
	err = aos_boot(&b->aos, b->frames, nframes, copy, size, &info, &b->regs);
	free(copy);
	return err;
}

static void end_boot(struct boot_try *b)
{
	fake_host_close(&b->host);
	free(b->frames);
}

/* Not a crash, and only what the contract in kernel.h allows. */
static int boot_and_forget(const void *image, uint32_t size, uint32_t nframes)
{
	struct boot_try b;
	int err = try_boot(&b, image, size, nframes, true);

	assert_true(err == 0 || err == -AOS_EINVAL || err == -AOS_ENOMEM);
	if (err)
		assert_true(b.host.log_len > 0);
	b.host.cr3 = err ? 0 : aos_cr3(&b.aos);
	if (!err)
		assert_null(aos_invariants(&b.aos));
	end_boot(&b);
	return err;
}

static void page_is(struct boot_try *b, uint64_t vaddr, bool write, bool exec)
{
	struct test_page page = test_walk(&b->host, b->aos.comps[0].user_cr3, vaddr);

	assert_true(page.present);
	assert_true(page.user);
	assert_int_equal(page.write, write);
	assert_int_equal(page.exec, exec);
	assert_int_not_equal(page.maps_frame, UINT32_MAX);
}

static void page_holds(struct boot_try *b, uint64_t vaddr, const void *what, size_t size)
{
	struct test_page page = test_walk(&b->host, b->aos.comps[0].user_cr3, vaddr);

	assert_memory_equal(b->host.memory + (size_t)page.maps_frame * AOS_PAGE_SIZE, what, size);
}

static void no_page(struct boot_try *b, uint64_t vaddr)
{
	assert_false(test_walk(&b->host, b->aos.comps[0].user_cr3, vaddr).present);
}

static void check_loader_memory(struct boot_try *b, const struct test_image *image)
{
	static const uint8_t zero[AOS_PAGE_SIZE];
	uint64_t stack_top = TEST_STACK_BASE + AOS_STACK_STRIDE;

	page_is(b, TEST_CODE_VADDR, false, true);
	page_holds(b, TEST_CODE_VADDR, image->bytes + 4096, 4096);
	page_is(b, TEST_DATA_VADDR, true, false);
	page_holds(b, TEST_DATA_VADDR, image->bytes + 8192, 100);
	page_holds(b, TEST_DATA_VADDR + 4096, zero, 4096);
	page_is(b, TEST_HEAP_VADDR + 4096, true, false);
	no_page(b, TEST_HEAP_VADDR + 8192);
	page_is(b, stack_top - 4096, true, false);
	page_is(b, stack_top - 3 * 4096, true, false);
	no_page(b, stack_top - 4 * 4096);
	page_is(b, IMAGE_COUNTERS_BASE, true, false);
	page_is(b, BOOTINFO_VADDR, false, false);
	page_is(b, IMAGE_FILE_VADDR, false, false);
	page_holds(b, IMAGE_FILE_VADDR, image->bytes, 4096);
	page_holds(b, IMAGE_FILE_VADDR + 8192, image->bytes + 8192, 100);
	no_page(b, IMAGE_FILE_VADDR + 3 * 4096);
}

static void check_start_registers(struct boot_try *b)
{
	assert_int_equal(b->regs.ip, TEST_CODE_VADDR + 16);
	assert_int_equal(b->regs.sp, TEST_STACK_BASE + AOS_STACK_STRIDE);
	assert_int_equal(b->regs.cs, 0x33);
	assert_int_equal(b->regs.ss, 0x2b);
	assert_int_equal(b->regs.flags, 0x202);
	assert_int_equal(b->regs.ax | b->regs.bx | b->regs.cx | b->regs.dx | b->regs.si, 0);
}

static void check_bootinfo(struct boot_try *b)
{
	struct test_page page = test_walk(&b->host, b->aos.comps[0].user_cr3, BOOTINFO_VADDR);
	const struct bootinfo *info =
		(const void *)(b->host.memory + (size_t)page.maps_frame * AOS_PAGE_SIZE);

	assert_int_equal(info->magic, BOOTINFO_MAGIC);
	assert_int_equal(info->image_vaddr, IMAGE_FILE_VADDR);
	assert_int_equal(info->image_size, TEST_IMAGE_SIZE);
	assert_int_equal(info->frames, b->aos.nframes);
	assert_int_equal(info->random, 42);
	assert_int_equal(b->regs.di >> 32, page.maps_frame);
}

static void good_image(bool kpti)
{
	struct test_image image;
	struct boot_try b;

	test_image_make(&image);
	assert_int_equal(try_boot(&b, image.bytes, TEST_IMAGE_SIZE, FRAMES, kpti), 0);
	check_loader_memory(&b, &image);
	check_start_registers(&b);
	check_bootinfo(&b);
	/* The rest of the frames is free, from the one the loader is told. */
	for (uint32_t i = (uint32_t)b.regs.di; i < FRAMES; i++)
		assert_int_equal(b.frames[i].type, FRAME_FREE);
	assert_int_not_equal(b.frames[(uint32_t)b.regs.di - 1].type, FRAME_FREE);
	end_boot(&b);
}

static void good_image_kpti(void **state)
{
	(void)state;
	good_image(true);
}

static void good_image_plain(void **state)
{
	(void)state;
	good_image(false);
}

/* With any number of frames: success from some number on, before it ENOMEM. */
static void too_few_frames(void **state)
{
	struct test_image image;
	int last = -AOS_ENOMEM;

	(void)state;
	test_image_make(&image);
	for (uint32_t n = 0; n < FRAMES; n++) {
		int err = boot_and_forget(image.bytes, TEST_IMAGE_SIZE, n);

		assert_true(err == last || (err == 0 && last == -AOS_ENOMEM));
		last = err;
	}
	assert_int_equal(last, 0);
}

static void truncated_anywhere(void **state)
{
	struct test_image image;

	(void)state;
	test_image_make(&image);
	for (uint32_t size = 0; size < TEST_IMAGE_SIZE; size++)
		assert_int_equal(boot_and_forget(image.bytes, size, FRAMES), -AOS_EINVAL);
}

/* The header says the new size and the checksum is right: still no harm. */
static void truncated_and_resealed(void **state)
{
	struct test_image image;

	(void)state;
	for (uint32_t size = sizeof(struct image_header); size < TEST_IMAGE_SIZE; size += 4) {
		test_image_make(&image);
		image.header->size = size;
		test_image_seal(image.bytes, size);
		assert_int_equal(boot_and_forget(image.bytes, size, FRAMES), -AOS_EINVAL);
	}
}

static void longer_than_it_says(void **state)
{
	struct test_image image;

	(void)state;
	test_image_make(&image);
	assert_int_equal(boot_and_forget(image.bytes, TEST_IMAGE_SIZE + 1, FRAMES), -AOS_EINVAL);
}

/* Every bit of header and tables, and some of the contents. */
static uint32_t next_byte(uint32_t byte)
{
	return byte < 256 ? byte + 1 : byte + 509;
}

static void any_bit_flipped(void **state)
{
	struct test_image image;

	(void)state;
	for (uint32_t byte = 0; byte < TEST_IMAGE_SIZE; byte = next_byte(byte)) {
		for (int bit = 0; bit < 8; bit++) {
			test_image_make(&image);
			image.bytes[byte] ^= (uint8_t)(1 << bit);
			assert_int_equal(boot_and_forget(image.bytes, TEST_IMAGE_SIZE, FRAMES),
					 -AOS_EINVAL);
		}
	}
}

static void any_bit_flipped_and_resealed(void **state)
{
	struct test_image image;

	(void)state;
	for (uint32_t byte = 0; byte < 256; byte++) {
		for (int bit = 0; bit < 8; bit++) {
			test_image_make(&image);
			image.bytes[byte] ^= (uint8_t)(1 << bit);
			test_image_seal(image.bytes, TEST_IMAGE_SIZE);
			boot_and_forget(image.bytes, TEST_IMAGE_SIZE, FRAMES);
		}
	}
}

/* 32-bit words of header and tables replaced by values that overflow sums. */
static void extreme_words(void **state)
{
	static const uint32_t values[] = { 0, 1, 7, 8, 0xfff, 0x1000, 0x2064, 0x7fffffff,
					   0x80000000, 0xfffff000, 0xfffffff8, 0xffffffff };
	struct test_image image;

	(void)state;
	for (uint32_t byte = 0; byte < 256; byte += 4) {
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			test_image_make(&image);
			memcpy(image.bytes + byte, &values[i], 4);
			test_image_seal(image.bytes, TEST_IMAGE_SIZE);
			boot_and_forget(image.bytes, TEST_IMAGE_SIZE, FRAMES);
		}
	}
}

static void random_tables(void **state)
{
	struct dice d = { 20240607 };
	struct test_image image;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		test_image_make(&image);
		for (uint32_t n = 1 + dice(&d, 6); n; n--)
			image.bytes[16 + dice(&d, 240)] = (uint8_t)dice(&d, 256);
		test_image_seal(image.bytes, TEST_IMAGE_SIZE);
		boot_and_forget(image.bytes, TEST_IMAGE_SIZE, FRAMES);
	}
}

struct broken_field {
	const char *what;
	void (*breaks)(struct test_image *image);
};

#define BREAK(name, statement) \
	static void name(struct test_image *image) { statement; }

BREAK(no_component, image->header->components.count = 0)
BREAK(no_thread, image->header->threads.count = 0)
BREAK(other_revision, image->header->revision++)
BREAK(odd_table, image->header->components.off += 4)
BREAK(many_components, image->header->components.count = UINT32_MAX)
BREAK(many_segments, image->loader->nsegments = 3)
BREAK(late_segments, image->loader->first_segment = UINT32_MAX)
BREAK(no_stack, image->loader->stack_pages = 0)
BREAK(big_stack, image->loader->stack_pages = 16)
BREAK(odd_stack, image->loader->stack_base++)
BREAK(wrapping_stack, image->loader->stack_base = 0 - AOS_STACK_STRIDE)
BREAK(high_stack, image->loader->stack_base = AOS_USER_END)
BREAK(thread_elsewhere, image->thread->component = 1)
BREAK(thread_unurgent, image->thread->priority = AOS_URGENCY_MAX + 1)
BREAK(entry_high, image->thread->entry = AOS_USER_END)
BREAK(entry_noncanonical, image->thread->entry = 0x0000800000000000ull)
BREAK(entry_kernel, image->thread->entry = 0xffffffff81000000ull)
BREAK(segment_long, image->data->file_size++)
BREAK(segment_late, image->data->file_off = TEST_IMAGE_SIZE + 1)
BREAK(segment_wraps, image->data->file_off = UINT32_MAX)
BREAK(segment_huge, image->data->mem_pages = UINT32_MAX)
BREAK(segment_wx, image->code->rights = AOS_MAP_WRITE | AOS_MAP_EXEC)
BREAK(segment_rights, image->code->rights = 1u << 31)
BREAK(segment_twice, image->data->vaddr = image->code->vaddr)
BREAK(segment_null, image->data->vaddr = 0)
BREAK(segment_kernel, image->data->vaddr = 0xffff888000000000ull)
BREAK(segment_last_page, image->data->vaddr = AOS_USER_END - AOS_PAGE_SIZE)
BREAK(counters_odd, image->loader->counters_vaddr++)
BREAK(counters_twice, image->loader->counters_vaddr = TEST_CODE_VADDR)
BREAK(counters_bootinfo, image->loader->counters_vaddr = BOOTINFO_VADDR)
BREAK(heap_over_image, image->loader->heap_vaddr = IMAGE_FILE_VADDR)

static void named_faults(void **state)
{
	static const struct broken_field all[] = {
#define FAULT(name) { #name, name }
		FAULT(no_component), FAULT(no_thread), FAULT(other_revision), FAULT(odd_table),
		FAULT(many_components), FAULT(many_segments), FAULT(late_segments),
		FAULT(no_stack), FAULT(big_stack), FAULT(odd_stack), FAULT(wrapping_stack),
		FAULT(high_stack), FAULT(thread_elsewhere), FAULT(thread_unurgent),
		FAULT(entry_high), FAULT(entry_noncanonical), FAULT(entry_kernel),
		FAULT(segment_long), FAULT(segment_late), FAULT(segment_wraps),
		FAULT(segment_huge), FAULT(segment_wx), FAULT(segment_rights),
		FAULT(segment_twice), FAULT(segment_null), FAULT(segment_kernel),
		FAULT(segment_last_page), FAULT(counters_odd), FAULT(counters_twice),
		FAULT(counters_bootinfo), FAULT(heap_over_image),
	};
	struct test_image image;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		test_image_make(&image);
		all[i].breaks(&image);
		test_image_seal(image.bytes, TEST_IMAGE_SIZE);
		if (boot_and_forget(image.bytes, TEST_IMAGE_SIZE, FRAMES) != -AOS_EINVAL)
			fail_msg("taken in spite of %s", all[i].what);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_image_kpti),
		cmocka_unit_test(good_image_plain),
		cmocka_unit_test(too_few_frames),
		cmocka_unit_test(truncated_anywhere),
		cmocka_unit_test(truncated_and_resealed),
		cmocka_unit_test(longer_than_it_says),
		cmocka_unit_test(any_bit_flipped),
		cmocka_unit_test(any_bit_flipped_and_resealed),
		cmocka_unit_test(extreme_words),
		cmocka_unit_test(random_tables),
		cmocka_unit_test(named_faults),
	};

	return cmocka_run_group_tests_name("aos boot", tests, NULL, NULL);
}

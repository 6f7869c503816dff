/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Service "kv": a key/value store.  The datagram's format is in kv.md.
 * Memory is a fixed table of entries, found through hash chains, and the
 * work of a request is bounded.
 */
#include "aos.h"
#include "app/app.h"

#define ENTRIES		512u
#define BUCKETS		512u	/* power of two */
#define KEY_MAX		64u
#define VALUE_MAX	1024u
#define SWEEP		16u	/* entries a SET looks at for expired ones */
#define NS_PER_S	1000000000ull

#define NONE		UINT16_MAX

#define MAGIC		0x4b
#define VERSION		1
#define REPLY_BIT	0x80

enum op { OP_GET = 1, OP_SET = 2, OP_DELETE = 3, OP_STAT = 4 };

enum status {
	ST_OK, ST_NO_KEY, ST_MALFORMED, ST_NO_OP, ST_TOO_LONG, ST_FULL
};

/* On the wire: bytes, because nothing there is aligned. */
struct header {
	uint8_t magic, version, op, status;
	uint8_t id[4];
	uint8_t ttl[4];
	uint8_t key_len[2];
	uint8_t value_len[2];
};
_Static_assert(sizeof(struct header) == 16, "kv.md says so");

struct request {		/* taken apart and checked */
	enum op op;
	uint32_t ttl;
	const uint8_t *key, *value;
	uint32_t key_len, value_len;
};

struct result {
	enum status status;
	uint32_t ttl;
	uint32_t value_len;	/* at the caller's value pointer */
};

struct entry {
	uint64_t expires;	/* ns; 0: never */
	uint16_t next;		/* in its chain, or in the free list */
	uint8_t used;
	uint8_t key_len;
	uint16_t value_len;
	uint8_t key[KEY_MAX];
	uint8_t value[VALUE_MAX];
};

enum stat {
	STAT_KEYS, STAT_KEYS_MOST, STAT_GETS, STAT_HITS, STAT_SETS, STAT_DELETES,
	STAT_EXPIRED, STAT_REFUSED, STATS
};

static struct {
	bool ready;
	uint64_t now;		/* ns, of this request; 0: nobody has asked yet */
	uint64_t secret[2];
	uint16_t bucket[BUCKETS];
	uint16_t free;
	uint32_t swept;		/* where the next sweep begins */
	uint64_t stat[STATS];
	struct entry entry[ENTRIES];
} kv;

/* ---- numbers on the wire ---- */

static uint32_t get_be(const uint8_t *p, uint32_t bytes)
{
	uint32_t n = 0;

	while (bytes--)
		n = n << 8 | *p++;
	return n;
}

static void put_be(uint8_t *p, uint32_t bytes, uint64_t n)
{
	while (bytes--) {
		p[bytes] = (uint8_t)n;
		n >>= 8;
	}
}

/* ---- the table ---- */

static void start(void)
{
	uint64_t random = aos_bootinfo()->random;
	uint32_t i;

	kv.secret[0] = random ^ 0x736f6d6570736575ull;
	kv.secret[1] = random * 0x9e3779b97f4a7c15ull;
	memset(kv.bucket, 0xff, sizeof(kv.bucket));	/* NONE */
	kv.free = NONE;
	for (i = ENTRIES; i-- > 0;) {
		kv.entry[i].next = kv.free;
		kv.free = (uint16_t)i;
	}
	kv.stat[STAT_KEYS_MOST] = ENTRIES;
	kv.ready = true;
}

static uint64_t rotate(uint64_t x, uint32_t by)
{
	return x << by | x >> (64 - by);
}

/* One SipHash round (Aumasson, Bernstein). */
static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 of a key: keyed, so that collisions cannot be computed. */
static uint16_t *bucket_of(const uint8_t *key, uint32_t len)
{
	uint64_t v[4] = { kv.secret[0] ^ 0x736f6d6570736575ull,
			  kv.secret[1] ^ 0x646f72616e646f6dull,
			  kv.secret[0] ^ 0x6c7967656e657261ull,
			  kv.secret[1] ^ 0x7465646279746573ull };
	uint32_t i, n;
	uint64_t word;

	for (i = 0; i <= len; i += 8) {
		n = len - i < 8 ? len - i : 8;
		word = n < 8 ? (uint64_t)len << 56 : 0;
		memcpy(&word, key + i, n);
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	v[2] ^= 0xff;
	for (i = 0; i < 3; i++)
		sip_round(v);
	return &kv.bucket[(v[0] ^ v[1] ^ v[2] ^ v[3]) & (BUCKETS - 1)];
}

static bool entry_matches(const struct entry *e, const struct request *r)
{
	return e->key_len == r->key_len && !memcmp(e->key, r->key, r->key_len);
}

/* The link that leads to the key's entry, or to NONE. */
static uint16_t *find(const struct request *r)
{
	uint16_t *link = bucket_of(r->key, r->key_len);

	while (*link != NONE && !entry_matches(&kv.entry[*link], r))
		link = &kv.entry[*link].next;
	return link;
}

static void remove(uint16_t *link)
{
	uint16_t index = *link;
	struct entry *e = &kv.entry[index];

	*link = e->next;
	e->used = 0;
	e->next = kv.free;
	kv.free = index;
	kv.stat[STAT_KEYS]--;
}

/* A system call, so once per request at most, and only where a TTL is involved. */
static uint64_t now(void)
{
	if (!kv.now)
		kv.now = aos_time_ns();
	return kv.now;
}

static bool expired(const struct entry *e)
{
	return e->expires && now() >= e->expires;
}

static uint16_t *find_live(const struct request *r)
{
	uint16_t *link = find(r);

	if (*link == NONE || !expired(&kv.entry[*link]))
		return link;
	kv.stat[STAT_EXPIRED]++;
	remove(link);
	return find(r);
}

static void expire_entry(struct entry *e)
{
	struct request self = { .key = e->key, .key_len = e->key_len };

	kv.stat[STAT_EXPIRED]++;
	remove(find(&self));
}

/* A few entries at a time: memory comes back, and no request is slow. */
static void sweep(void)
{
	uint32_t i;
	struct entry *e;

	for (i = 0; i < SWEEP; i++) {
		e = &kv.entry[kv.swept++ % ENTRIES];
		if (e->used && expired(e))
			expire_entry(e);
	}
}

static struct entry *add(const struct request *r)
{
	uint16_t *bucket = bucket_of(r->key, r->key_len), index = kv.free;
	struct entry *e;

	if (index == NONE)
		return NULL;
	e = &kv.entry[index];
	kv.free = e->next;
	e->used = 1;
	e->next = *bucket;
	*bucket = index;
	e->key_len = (uint8_t)r->key_len;
	memcpy(e->key, r->key, r->key_len);
	kv.stat[STAT_KEYS]++;
	return e;
}

/* ---- operations ---- */

static struct result do_get(const struct request *r, uint8_t *value)
{
	uint16_t index = *find_live(r);
	const struct entry *e;
	struct result result = { .status = ST_NO_KEY };

	kv.stat[STAT_GETS]++;
	if (index == NONE)
		return result;
	kv.stat[STAT_HITS]++;
	e = &kv.entry[index];
	if (e->expires)
		result.ttl = (uint32_t)((e->expires - now() + NS_PER_S - 1) / NS_PER_S);
	memcpy(value, e->value, e->value_len);
	result.status = ST_OK;
	result.value_len = e->value_len;
	return result;
}

static struct result do_set(const struct request *r, uint8_t *value)
{
	struct entry *e;
	uint16_t index;

	(void)value;
	sweep();
	index = *find_live(r);
	e = index != NONE ? &kv.entry[index] : add(r);
	if (!e)
		return (struct result){ .status = ST_FULL };
	e->expires = r->ttl ? now() + r->ttl * NS_PER_S : 0;
	e->value_len = (uint16_t)r->value_len;
	memcpy(e->value, r->value, r->value_len);
	kv.stat[STAT_SETS]++;
	return (struct result){ .status = ST_OK };
}

static struct result do_delete(const struct request *r, uint8_t *value)
{
	uint16_t *link = find_live(r);

	(void)value;
	if (*link == NONE)
		return (struct result){ .status = ST_NO_KEY };
	remove(link);
	kv.stat[STAT_DELETES]++;
	return (struct result){ .status = ST_OK };
}

static struct result do_stat(const struct request *r, uint8_t *value)
{
	uint32_t i;

	(void)r;
	for (i = 0; i < STATS; i++)
		put_be(value + i * 8, 8, kv.stat[i]);
	return (struct result){ .status = ST_OK, .value_len = STATS * 8 };
}

/* ---- datagrams ---- */

static enum status decode(const struct app_request *request, struct request *r)
{
	const struct header *h = (const struct header *)request->data;

	r->op = h->op;
	r->ttl = get_be(h->ttl, 4);
	r->key_len = get_be(h->key_len, 2);
	r->value_len = get_be(h->value_len, 2);
	r->key = request->data + sizeof(*h);
	r->value = r->key + r->key_len;
	if (r->op < OP_GET || r->op > OP_STAT)
		return ST_NO_OP;
	if (sizeof(*h) + r->key_len + r->value_len != request->len)
		return ST_MALFORMED;
	if (r->key_len > KEY_MAX || r->value_len > VALUE_MAX)
		return ST_TOO_LONG;
	if ((r->key_len == 0) != (r->op == OP_STAT))
		return ST_MALFORMED;
	if (r->op != OP_SET && (r->value_len || r->ttl))
		return ST_MALFORMED;
	return ST_OK;
}

static struct result serve(const struct app_request *request, uint8_t *value)
{
	static struct result (*const ops[])(const struct request *, uint8_t *) = {
		[OP_GET] = do_get, [OP_SET] = do_set, [OP_DELETE] = do_delete, [OP_STAT] = do_stat,
	};
	struct request r;
	struct result result = { .status = decode(request, &r) };

	if (result.status == ST_OK)
		result = ops[r.op](&r, value);
	if (result.status >= ST_MALFORMED)
		kv.stat[STAT_REFUSED]++;
	return result;
}

static bool is_request(const struct app_request *request)
{
	const struct header *h = (const struct header *)request->data;

	return request->len >= sizeof(*h) && h->magic == MAGIC && h->version == VERSION &&
	       h->status == 0 && !(h->op & REPLY_BIT);
}

static int kv_datagram(const struct app_request *request, struct app_reply *reply)
{
	const struct header *in = (const struct header *)request->data;
	struct header *out;
	struct result result;

	if (!is_request(request) || !app_reply_grow(reply, sizeof(*out) + VALUE_MAX))
		return APP_NO_REPLY;
	if (!kv.ready)
		start();
	kv.now = 0;
	result = serve(request, reply->data + sizeof(*out));
	out = (struct header *)reply->data;
	*out = (struct header){ .magic = MAGIC, .version = VERSION,
				.op = in->op | REPLY_BIT, .status = (uint8_t)result.status };
	memcpy(out->id, in->id, sizeof(out->id));
	put_be(out->ttl, 4, result.ttl);
	put_be(out->value_len, 2, result.value_len);
	return (int)(sizeof(*out) + result.value_len);
}

const struct app_service kv_service = { "kv", kv_datagram };

// The service's own limits, each stated once; docs/limits.md lists them for users.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Life of a GET temp URL, milliseconds. */
export const GET_URL_LIFE = 15 * MINUTE;
/** Life of a PUT temp URL, milliseconds: at most 1 h, because its holder can replace unsealed bytes for so long. */
export const PUT_URL_LIFE = HOUR;
/** How long an upload in parts can get signed URLs for them, milliseconds from its negotiation. */
export const PARTS_LIFE = 7 * DAY;
/** Bytes of an upload's part, but for the last one: R2 and S3 take no less. */
export const MIN_PART = 5 * 1024 * 1024;
/** As many parts as an upload is divided into where the store does not need more: each is looked at once more at the end. */
export const GOOD_PARTS = 100;
/** So few while they stay small: each costs Swift about 20 ms of CPU time on its way up and down. */
export const FEW_PARTS = 32;
/** Bytes of a part that can well be sent once more. */
export const SMALL_PART = 64 * 1024 * 1024;
/** Items in one request for uploads or downloads. */
export const MAX_BATCH = 500;
/** URLs of parts in one answer. */
export const MAX_PART_URLS = 1000;
/** A PUT that began before its URL ended may go on: the upload is given up this long after the URL's end. */
export const UPLOAD_GRACE = 24 * HOUR;
/** Bytes that nothing refers to are removed after this: longer than a GET URL lives, so that downloads under way end well. */
export const DOOMED_GRACE = HOUR;
/** Allowed difference between the service's clock and the store's. */
export const CLOCK_SKEW = 5 * MINUTE;
/** How long the outcome of an upload stays known to its job. */
export const OUTCOME_LIFE = 8 * DAY;
/** A copy or a move between two steps: longer, and it is given up, and a tree that was to be moved may change again. */
export const ARRIVAL_LIFE = 10 * MINUTE;
/** How long the audit trail is kept. */
export const AUDIT_LIFE = 90 * DAY;
/** Uploads that one user may have pending in one Space. */
export const MAX_PENDING = 5000;
/** Bytes reserved against a quota for an upload whose length is not stated. */
export const DEFAULT_RESERVE = 1024 * 1024;
/** Children per internal page of a listing. */
export const PAGE = 1000;
/** Children from one to the next of a thinned listing, and children passed over in one call to their Space. */
export const MAX_EVERY = 10_000;
export const MAX_PASSED = 50_000;
/** Nodes removed per transaction when a deleted tree is purged. */
export const PURGE_BATCH = 1000;
/** Nodes visited per transaction when a job passes over a tree. */
export const PASS = 500;
/** Links followed on the way to bytes. */
export const MAX_LINK_STEPS = 16;
/** Life of a share where none is stated, and at most, milliseconds; shares that one user may have. */
export const SHARE_LIFE = 7 * DAY;
export const MAX_SHARE_LIFE = 365 * DAY;
export const MAX_SHARES = 1000;
/** Milliseconds that a Worker may believe a cached answer of a Durable Object. */
export const CACHE_LIFE = 30 * SECOND;
/** Bytes of a node or transfer document. */
export const MAX_DOCUMENT = 1024 * 1024;
/** A job is destroyed this long after its creation. */
export const JOB_LIFE = 7 * DAY;
/** The same of the anonymous, who share one queue; and of one that is not run. */
export const ANONYMOUS_JOB_LIFE = HOUR;
export const ANONYMOUS_PENDING_LIFE = 5 * MINUTE;
/** Jobs kept per owner; the oldest beyond that are forgotten. All anonymous callers count as one owner. */
export const MAX_JOBS = 10_000;
/** Jobs of one owner that are worked on at a time, apart from those that are over in a moment; the others are QUEUED. */
export const RUNNING_JOBS = 5;
/** Requests that may wait for news of one owner's jobs and nodes at a time. */
export const MAX_WATCHERS = 1000;
/** Members of an archive that is unpacked. */
export const MAX_UNPACKED_NODES = 100_000;
/** An archive unpacks to at most so many times its own size, or to MIN_RATIO_BYTES where that is more. */
export const MAX_UNPACK_RATIO = 200;
export const MIN_RATIO_BYTES = 64 * 1024 * 1024;
/** Bytes that a Carrier brings in one step, where the store's largest number of segments is enough. */
export const SEGMENT = 64 * 1024 * 1024;
/** Bytes of a chunk that are sent in the call that writes it. */
export const MAX_INLINE = 16 * 1024;
/** Chunks in one call that writes. */
export const MAX_WRITE_CHUNKS = 500;
/** Bytes of the document that writes them: base64 has four for three. */
export const MAX_WRITE = 4 * 1024 * 1024;
/** Chunks on one page of ReadChunks, and characters of inline bytes: the first chunk always fits. */
export const MAX_PAGE = 10_000;
export const MAX_PAGE_TEXT = 8 * 1024 * 1024;
/** Bytes that were pinned longer ago are not taken: well before their Space asks what has become of them. */
export const PIN_LIFE = 2 * MINUTE;
/** How long the answer to a request with an Idempotency-Key is kept. */
export const ANSWER_LIFE = 7 * DAY;
/** Characters of all answers to such requests that a pipe keeps: then the oldest go. */
export const MAX_ANSWERS = 64 * 1024 * 1024;
/** Chunks that are placed at their destination in one go. */
export const PLACE_BATCH = 200;
/** Names of trimmed chunks that a pipe remembers, and of all that were written after them. */
export const MAX_NAMES = 1_000_000;
/** Pipes that one user may have. */
export const MAX_PIPES = 1000;
/** How long one attempt at making a pipe may take, milliseconds: then the pipe's alarm takes it up. */
export const CREATE_LEASE = MINUTE;
/** What is left of a destroyed pipe answers late attempts, and Spaces that ask for its bytes, for so long. */
export const PIPE_TOMBSTONE = DAY;
/** Pipes that a chunk may pass, one after the other. */
export const MAX_HOPS = 32;
/** Pipes that are looked at for a loop. */
export const MAX_LOOP_SEARCH = 1000;
/** Seconds that a request waits for a pipe where it does not say, and at most: intermediaries give up after a minute. */
export const PIPE_WAIT = 20;
export const MAX_PIPE_WAIT = 55;
/** Sockets of one pipe's object on which readers and writers wait: the platform allows 32,768. */
export const MAX_PIPE_WAITERS = 32_000;
/** What all groups have acknowledged stays so long for pipes that follow and have not taken it: who follows is not chosen by the pipe's owner. */
export const FOLLOWERS_WAIT = 7 * DAY;

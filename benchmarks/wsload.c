/* wsload - lean WebSocket (RFC 6455) load generator for vote-style workloads.
 *
 * One thread, epoll, non-blocking sockets, CLOCK_MONOTONIC.  A run is:
 *   connect N clients -> [hold] -> R rounds -> JSON report on stdout.
 * A round is:
 *   trigger  -> every client must receive a text message containing --expect
 *   ballot   -> (optional) each client answers with --ballot, waits for --ack
 *   close    -> (optional) second trigger, every client must receive --final
 *
 * Build: gcc -O2 -Wall -Wextra -o wsload wsload.c -lm
 *
 * An empty --trigger or --close fires nothing: somebody else makes the event
 * happen, and the absolute times (t0_unix_ms) tell when it arrived.
 * Templates: %d client index, %n clients, %r round, %p captured value, %u random
 * hex, %e the client's line of --ballot-file, which is read when the first ballot
 * is sent: envelopes can be sealed between announcement and opening.
 *
 * Storms: after the rounds, --storm waits for SIGUSR1.  With --storm cut every line
 * is then reset at once, and each client comes back as a page does: after --first-ms
 * plus up to --spread-ms, up to twice as much after each try that failed, --longest-ms
 * at most; a try that has no greeting after --hanging-ms is given up; and a client
 * without a line for --patience-ms (up to twice as long) fetches --page every three
 * seconds, as the page does.
 * It is current again when --greeted has come.  With --storm deaf --deaf clients stop
 * reading and answering instead, without closing: half-open, as far as a peer can see.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

/* The RFC's sample nonce: the matching accept value is a known constant. */
#define WS_KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define WS_ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

enum state { S_IDLE, S_CONNECTING, S_HANDSHAKE, S_OPEN, S_HTTP, S_CLOSED };
enum opcode { OP_CONT, OP_TEXT, OP_BIN, OP_CLOSE = 8, OP_PING, OP_PONG };

struct conn {
    int fd;
    uint32_t idx;
    uint8_t state;
    bool stalled;     /* stops reading once open (slow consumer) */
    bool want_out;    /* EPOLLOUT is registered */
    bool msg_z;       /* current message is compressed (RSV1) */
    uint8_t *in;      /* unparsed input left over from the last read */
    uint32_t in_len, in_cap;
    uint8_t *frag;    /* fragments of the message being assembled */
    uint32_t frag_len;
    uint8_t *out;     /* unsent output */
    uint32_t out_len;
    double t_start, t_up;                              /* connect phase */
    double t_open, t_due, t_sent, t_ack, t_tally, t_final; /* this round */
    char cap[48];     /* value captured from the expect message */
    double t_next, t_again, t_page; /* storm: next try, current again, next fetch */
    int tries;
    bool fetches;     /* storm: the second half of C fetches pages */
};

static struct {
    const char *host, *path, *subprotocol, *origin, *header[8];
    const char *cookie_file, *path_file, *chair_path, *chair_cookie;
    const char *trigger, *trigger_http, *expect, *ballot, *ack, *reject;
    const char *close, *close_http, *final, *tally, *capture, *pids, *tag, *ballot_file;
    int port, n, rate, inflight, srcs, rounds, gap_ms, hold_ms, stall, nheader;
    int timeout_s, settle_ms, linger_ms;
    double window_ms;
    bool deflate, verbose;
    const char *storm, *greeted, *page;
    int first_ms, spread_ms, longest_ms, hanging_ms, patience_ms, deaf, listen_s;
} o = {
    .host = "127.0.0.1", .path = "/ws", .port = 8000, .n = 100, .rate = 2000,
    .inflight = 256, .rounds = 3, .gap_ms = 300, .timeout_s = 60,
    .settle_ms = 500, .expect = "open", .ack = "ack",
    .greeted = "\"t\":\"clock\"", .first_ms = 300, .spread_ms = 0, .longest_ms = 5000,
    .hanging_ms = 8000, .patience_ms = 4000, .listen_s = 60,
};

static struct conn *C;          /* n clients, then chair, then http slot */
static struct conn *chair, *http;
static int ep;
static uint8_t rbuf[1 << 18];
static char **cookies, **paths, **envelopes;
static int ncookies, npaths, nenvelopes;

/* connect phase */
static int n_up, n_inflight, n_failed, n_closed;
static char first_error[160];
/* round */
static bool in_round, closing;
static int round_no;
static int n_open, n_sent, n_ack, n_reject, n_dup_ack, n_final, http_status;
static int lost, lost_open, lost_ack, lost_final; /* clients dropped before that step */
static double t_round, t_close, t_first_sent, t_last_sent;
static char expect_s[256], ack_s[256], final_s[256];
/* totals */
static uint64_t rx_msgs, rx_bytes, rx_tally, rx_other, rx_pings;

/* pending ballots: binary min-heap on t_due */
static struct conn **heap;
static int heap_n;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void die(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("wsload: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    exit(2);
}

static uint64_t rng_state = 88172645463325252ull;
static uint64_t rng(void)
{
    rng_state ^= rng_state << 13;
    rng_state ^= rng_state >> 7;
    rng_state ^= rng_state << 17;
    return rng_state;
}

/* Template: %d client index, %r round, %n number of clients, %p captured
 * value, %u random 64-bit hex, %% percent. */
static size_t expand(char *dst, size_t cap, const char *tpl, struct conn *c)
{
    size_t k = 0;
    for (; *tpl && k + 1 < cap; tpl++) {
        int m = 0;
        if (*tpl != '%' || !tpl[1]) { dst[k++] = *tpl; continue; }
        switch (*++tpl) {
        case 'd': m = snprintf(dst + k, cap - k, "%u", c ? c->idx : 0); break;
        case 'r': m = snprintf(dst + k, cap - k, "%d", round_no); break;
        case 'n': m = snprintf(dst + k, cap - k, "%d", o.n - o.stall); break;
        case 'p': m = snprintf(dst + k, cap - k, "%s", c ? c->cap : ""); break;
        case 'e': m = snprintf(dst + k, cap - k, "%s", c && nenvelopes ? envelopes[c->idx % nenvelopes] : ""); break;
        case 'u': m = snprintf(dst + k, cap - k, "%016llx", (unsigned long long)rng()); break;
        default: dst[k++] = *tpl;
        }
        k += m;
        if (k >= cap) die("template too long");
    }
    dst[k] = 0;
    return k;
}

/* ---------- sockets ---------- */

static void note(struct conn *c, const char *what)
{
    if (!first_error[0])
        snprintf(first_error, sizeof first_error, "client %u: %s", c->idx, what);
    if (o.verbose) fprintf(stderr, "client %u: %s\n", c->idx, what);
}

static void come_back(struct conn *c);
static bool storming;
static int n_tries, n_fetches;

static void drop(struct conn *c, const char *why)
{
    if (storming && c->idx < (uint32_t)o.n && c != chair) { come_back(c); return; }
    if (c->state == S_CONNECTING || c->state == S_HANDSHAKE) {
        n_inflight--;
        n_failed++;
        note(c, why);
    } else if (c->state == S_OPEN) {
        n_closed++;
        n_up--;
        note(c, why);
        if (in_round && c != chair && !c->stalled) {
            lost++;
            lost_open += !c->t_open;
            lost_ack += !c->t_ack;
            lost_final += !c->t_final;
        }
    }
    close(c->fd);
    c->fd = -1;
    c->state = S_CLOSED;
}

static void watch(struct conn *c, int op, uint32_t ev)
{
    struct epoll_event e = { .events = ev, .data.ptr = c };
    if (epoll_ctl(ep, op, c->fd, &e) < 0) die("epoll_ctl: %s", strerror(errno));
}

static void put(struct conn *c, const void *p, size_t n)
{
    if (!c->out_len) {
        ssize_t k = send(c->fd, p, n, MSG_NOSIGNAL);
        if (k == (ssize_t)n) return;
        if (k < 0) {
            if (errno != EAGAIN) { drop(c, strerror(errno)); return; }
            k = 0;
        }
        p = (const char *)p + k;
        n -= k;
    }
    c->out = realloc(c->out, c->out_len + n);
    memcpy(c->out + c->out_len, p, n);
    c->out_len += n;
    if (!c->want_out) {
        c->want_out = true;
        watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    }
}

static void flush_out(struct conn *c)
{
    ssize_t k = send(c->fd, c->out, c->out_len, MSG_NOSIGNAL);
    if (k < 0) {
        if (errno != EAGAIN) drop(c, strerror(errno));
        return;
    }
    c->out_len -= k;
    memmove(c->out, c->out + k, c->out_len);
    if (!c->out_len) {
        c->want_out = false;
        watch(c, EPOLL_CTL_MOD, EPOLLIN);
    }
}

static void send_frame(struct conn *c, int op, const void *data, size_t n)
{
    uint8_t f[4200], *p = f;
    uint32_t mask = (uint32_t)rng() | 0x01010101u;
    if (n > 4096) die("client message too long");
    *p++ = 0x80 | op;
    if (n < 126) *p++ = 0x80 | n;
    else { *p++ = 0x80 | 126; *p++ = n >> 8; *p++ = n; }
    memcpy(p, &mask, 4);
    for (size_t i = 0; i < n; i++) p[4 + i] = ((const uint8_t *)data)[i] ^ p[i & 3];
    put(c, f, p + 4 + n - f);
}

static void start_connect(struct conn *c)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(o.port) };
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0 && c->fetches) return; /* no file left: later */
    if (c->fd < 0) die("socket: %s", strerror(errno));
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (c->stalled) {
        int small = 4096;
        setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    }
    if (o.srcs > 1) {
        struct sockaddr_in s = { .sin_family = AF_INET };
        s.sin_addr.s_addr = htonl(0x7f000001u + c->idx % o.srcs);
        setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        if (bind(c->fd, (void *)&s, sizeof s) < 0) die("bind: %s", strerror(errno));
    }
    inet_pton(AF_INET, o.host, &a.sin_addr);
    c->t_start = now();
    bool is_http = c == http;
    c->state = is_http ? S_HTTP : S_CONNECTING;
    if (!is_http && !c->fetches) n_inflight++;
    if (connect(c->fd, (void *)&a, sizeof a) < 0 && errno != EINPROGRESS) {
        drop(c, strerror(errno));
        return;
    }
    watch(c, EPOLL_CTL_ADD, is_http ? EPOLLIN : EPOLLOUT);
}

static void send_handshake(struct conn *c)
{
    char path[1024], req[8192];
    const char *tpl = npaths ? paths[c->idx % npaths] : o.path;
    const char *cookie = ncookies ? cookies[c->idx % ncookies] : NULL;
    if (c == chair) {
        if (o.chair_path) tpl = o.chair_path;
        if (o.chair_cookie) cookie = o.chair_cookie;
    }
    expand(path, sizeof path, tpl, c);
    int k = snprintf(req, sizeof req,
        "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: " WS_KEY "\r\nSec-WebSocket-Version: 13\r\n", path, o.host, o.port);
    if (o.subprotocol) k += snprintf(req + k, sizeof req - k, "Sec-WebSocket-Protocol: %s\r\n", o.subprotocol);
    if (o.origin) k += snprintf(req + k, sizeof req - k, "Origin: %s\r\n", o.origin);
    if (o.deflate) k += snprintf(req + k, sizeof req - k, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
    if (cookie) k += snprintf(req + k, sizeof req - k, "Cookie: %s\r\n", cookie);
    for (int i = 0; i < o.nheader; i++) k += snprintf(req + k, sizeof req - k, "%s\r\n", o.header[i]);
    k += snprintf(req + k, sizeof req - k, "\r\n");
    if (k >= (int)sizeof req) die("handshake request too long");
    c->state = S_HANDSHAKE;
    watch(c, EPOLL_CTL_MOD, EPOLLIN);
    put(c, req, k);
}

/* ---------- storms ---------- */

static double chance(void) { return (rng() >> 11) * 0x1p-53; }

/* The line is gone: when the page will try again (static/js/connection.js). */
static void come_back(struct conn *c)
{
    if (c->fd >= 0) close(c->fd);
    c->fd = -1;
    c->state = S_CLOSED;
    free(c->in);
    c->in = NULL;
    c->in_len = c->in_cap = c->frag_len = c->out_len = 0;
    c->want_out = false;
    double most = fmin(o.longest_ms, (o.first_ms + o.spread_ms) * ldexp(1, c->tries));
    if (c->tries < 20) c->tries++;
    c->t_next = now() + (o.first_ms + chance() * fmax(0, most - o.first_ms)) * 1e-3;
    c->t_again = 0;
}

static void send_fetch(struct conn *c)
{
    char req[4096];
    const char *cookie = ncookies ? cookies[(c->idx - o.n - 1) % ncookies] : NULL;
    int k = snprintf(req, sizeof req, "GET %s HTTP/1.1\r\nHost: %s:%d\r\nAccept: text/html\r\nConnection: close\r\n", o.page, o.host, o.port);
    if (cookie) k += snprintf(req + k, sizeof req - k, "Cookie: %s\r\n", cookie);
    k += snprintf(req + k, sizeof req - k, "\r\n");
    if (k >= (int)sizeof req) die("request too long");
    c->state = S_HTTP;
    watch(c, EPOLL_CTL_MOD, EPOLLIN);
    put(c, req, k);
}

/* ---------- ballots ---------- */

static char **read_lines(const char *file, int *n);

static void heap_push(struct conn *c)
{
    int i = heap_n++;
    for (; i && heap[(i - 1) / 2]->t_due > c->t_due; i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = c;
}

static struct conn *heap_pop(void)
{
    struct conn *top = heap[0], *last = heap[--heap_n];
    int i = 0, k;
    while ((k = 2 * i + 1) < heap_n) {
        if (k + 1 < heap_n && heap[k + 1]->t_due < heap[k]->t_due) k++;
        if (heap[k]->t_due >= last->t_due) break;
        heap[i] = heap[k];
        i = k;
    }
    heap[i] = last;
    return top;
}

static void cast_ballot(struct conn *c)
{
    char b[4096];
    if (c->state != S_OPEN) return;
    if (o.ballot_file && !nenvelopes) envelopes = read_lines(o.ballot_file, &nenvelopes);
    size_t k = expand(b, sizeof b, o.ballot, c);
    c->t_sent = now();
    if (!t_first_sent) t_first_sent = c->t_sent;
    t_last_sent = c->t_sent;
    n_sent++;
    send_frame(c, OP_TEXT, b, k);
}

static void cast_due(void)
{
    while (heap_n && heap[0]->t_due <= now()) cast_ballot(heap_pop());
}

/* ---------- input ---------- */

static bool has(const uint8_t *p, size_t n, const char *s, bool z)
{
    return z || memmem(p, n, s, strlen(s));
}

static void on_message(struct conn *c, const uint8_t *p, size_t n, bool z)
{
    rx_msgs++;
    rx_bytes += n;
    if (storming) {
        if (!c->t_open && has(p, n, expect_s, z)) c->t_open = now();
        if (!c->t_again && has(p, n, o.greeted, z)) c->t_again = now();
        return;
    }
    if (!in_round || c == chair || c->stalled) return;
    if (!c->t_open && has(p, n, expect_s, z)) {
        c->t_open = now();
        n_open++;
        if (o.capture) {
            const uint8_t *q = memmem(p, n, o.capture, strlen(o.capture));
            size_t k = 0;
            if (q)
                for (q += strlen(o.capture); q < p + n && !strchr("\",}] \\", *q) && k + 1 < sizeof c->cap; q++) c->cap[k++] = *q;
            c->cap[k] = 0;
        }
        if (o.ballot) {
            if (o.window_ms <= 0) { cast_ballot(c); return; }
            c->t_due = c->t_open + (rng() >> 11) * 0x1p-53 * o.window_ms * 1e-3;
            heap_push(c);
        }
    } else if (closing && !c->t_final && has(p, n, final_s, z)) {
        c->t_final = now();
        n_final++;
    } else if (c->t_sent && has(p, n, ack_s, z)) {
        if (c->t_ack) n_dup_ack++;
        else { c->t_ack = now(); n_ack++; }
    } else if (c->t_sent && !c->t_ack && o.reject && has(p, n, o.reject, z)) {
        c->t_ack = now();
        n_ack++;
        n_reject++;
    } else if (o.tally && has(p, n, o.tally, z)) {
        c->t_tally = now();
        rx_tally++;
    } else {
        rx_other++;
    }
}

/* Parses whole frames out of p[0..n); returns the number of bytes used. */
static size_t parse_frames(struct conn *c, const uint8_t *p, size_t n)
{
    size_t used = 0;
    while (c->state == S_OPEN && n - used >= 2) {
        const uint8_t *f = p + used;
        size_t h = 2;
        uint64_t len = f[1] & 127;
        int op = f[0] & 15;
        if (f[1] & 128) { drop(c, "masked frame from server"); break; }
        if (len == 126) {
            if (n - used < 4) break;
            len = f[2] << 8 | f[3];
            h = 4;
        } else if (len == 127) {
            if (n - used < 10) break;
            len = 0;
            for (int i = 0; i < 8; i++) len = len << 8 | f[2 + i];
            h = 10;
        }
        if (len > (64u << 20)) { drop(c, "frame too large"); break; }
        if (n - used < h + len) break;
        used += h + len;
        f += h;
        if (op == OP_PING) {
            rx_pings++;
            send_frame(c, OP_PONG, f, len);
        } else if (op == OP_CLOSE) {
            char why[64];
            snprintf(why, sizeof why, "close frame, code %d", len >= 2 ? f[0] << 8 | f[1] : 0);
            send_frame(c, OP_CLOSE, f, len >= 2 ? 2 : 0);
            if (c->state == S_OPEN) drop(c, why);
        } else if (op == OP_TEXT || op == OP_BIN || op == OP_CONT) {
            bool fin = f[-(ssize_t)h] & 0x80, z = f[-(ssize_t)h] & 0x40;
            if (op != OP_CONT) c->msg_z = z;
            if (fin && op != OP_CONT) {
                on_message(c, f, len, z);
            } else {
                c->frag = realloc(c->frag, c->frag_len + len + 1);
                memcpy(c->frag + c->frag_len, f, len);
                c->frag_len += len;
                if (fin) {
                    on_message(c, c->frag, c->frag_len, c->msg_z);
                    c->frag_len = 0;
                }
            }
        }
    }
    return used;
}

static size_t parse_handshake(struct conn *c, const uint8_t *p, size_t n)
{
    const uint8_t *e = memmem(p, n, "\r\n\r\n", 4);
    if (!e) return 0;
    if (n < 12 || memcmp(p, "HTTP/1.1 101", 12)) {
        char why[80];
        snprintf(why, sizeof why, "handshake: %.*s", (int)strcspn((const char *)p, "\r\n"), p);
        drop(c, why);
        return 0;
    }
    if (!memmem(p, e - p, WS_ACCEPT, strlen(WS_ACCEPT))) { drop(c, "bad Sec-WebSocket-Accept"); return 0; }
    c->t_up = now();
    c->state = S_OPEN;
    n_inflight--;
    n_up++;
    if (c->stalled) watch(c, EPOLL_CTL_DEL, 0);
    return e + 4 - p;
}

static void on_readable(struct conn *c)
{
    uint8_t *p = rbuf;
    size_t keep = c->in_len;
    if (keep) memcpy(rbuf, c->in, keep);
    if (keep > sizeof rbuf / 2) die("message larger than the read buffer");
    ssize_t k = recv(c->fd, rbuf + keep, sizeof rbuf - keep - 1, 0);
    if (k <= 0) {
        if (k < 0 && errno == EAGAIN) return;
        if (c->fetches) { close(c->fd); c->fd = -1; c->state = S_IDLE; return; }
        if (c->state == S_HTTP) { close(c->fd); c->fd = -1; c->state = S_CLOSED; return; }
        drop(c, k ? strerror(errno) : "server closed the connection");
        return;
    }
    size_t n = keep + k;
    rbuf[n] = 0;
    c->in_len = 0;
    if (c->fetches) return;
    if (c->state == S_HTTP) {
        if (!http_status) http_status = atoi((char *)rbuf + 9);
        return;
    }
    if (c->state == S_HANDSHAKE) {
        size_t u = parse_handshake(c, p, n);
        p += u;
        n -= u;
    }
    if (c->state == S_OPEN) {
        size_t u = parse_frames(c, p, n);
        p += u;
        n -= u;
    }
    if (n && (c->state == S_OPEN || c->state == S_HANDSHAKE)) {
        if (c->in_cap < n) { c->in = realloc(c->in, n); c->in_cap = n; }
        memcpy(c->in, p, n);
        c->in_len = n;
    } else if (c->in) {
        free(c->in);
        c->in = NULL;
        c->in_cap = 0;
    }
}

static void pump(int timeout_ms)
{
    struct epoll_event ev[512];
    double wait = timeout_ms * 1e-3;
    if (heap_n) wait = fmin(wait, fmax(0, heap[0]->t_due - now()));
    struct timespec ts = { (time_t)wait, (long)((wait - floor(wait)) * 1e9) };
    int n = epoll_pwait2(ep, ev, 512, &ts, NULL);
    for (int i = 0; i < n; i++) {
        struct conn *c = ev[i].data.ptr;
        if (c->fd < 0) continue;
        if (c->state == S_CONNECTING) {
            int err = 0;
            socklen_t l = sizeof err;
            getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &l);
            if (err) drop(c, strerror(err));
            else if (c->fetches) send_fetch(c);
            else send_handshake(c);
            continue;
        }
        if (ev[i].events & EPOLLOUT && c->out_len) flush_out(c);
        if (c->fd >= 0 && ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_readable(c);
        if (heap_n && !(i & 31)) cast_due();
    }
    if (heap_n) cast_due();
}

static void pump_for(int ms)
{
    double end = now() + ms * 1e-3, t;
    while ((t = now()) < end) pump((int)((end - t) * 1e3) + 1);
}

/* ---------- server process figures from /proc ---------- */

struct usage { double cpu, cpu_user, cpu_sys; long rss_kb; int procs; };

static void usage_add(struct usage *u, int pid)
{
    char f[64], line[1024];
    unsigned long ut = 0, st = 0;
    snprintf(f, sizeof f, "/proc/%d/stat", pid);
    FILE *s = fopen(f, "r");
    if (!s) return;
    clockid_t clk;
    struct timespec ts;
    if (!clock_getcpuclockid(pid, &clk) && !clock_gettime(clk, &ts)) u->cpu += ts.tv_sec + ts.tv_nsec * 1e-9;
    if (fgets(line, sizeof line, s)) {
        char *p = strrchr(line, ')');
        if (p && sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &ut, &st) == 2) {
            u->cpu_user += (double)ut / sysconf(_SC_CLK_TCK);
            u->cpu_sys += (double)st / sysconf(_SC_CLK_TCK);
            u->procs++;
        }
    }
    fclose(s);
    snprintf(f, sizeof f, "/proc/%d/status", pid);
    if ((s = fopen(f, "r"))) {
        long kb;
        while (fgets(line, sizeof line, s)) if (sscanf(line, "VmRSS: %ld", &kb) == 1) u->rss_kb += kb;
        fclose(s);
    }
    snprintf(f, sizeof f, "/proc/%d/task", pid);
    DIR *d = opendir(f);
    for (struct dirent *e; d && (e = readdir(d));) {
        char g[400];
        int child;
        snprintf(g, sizeof g, "%s/%s/children", f, e->d_name);
        if (e->d_name[0] == '.' || !(s = fopen(g, "r"))) continue;
        while (fscanf(s, "%d", &child) == 1) usage_add(u, child);
        fclose(s);
    }
    if (d) closedir(d);
}

static struct usage usage(void)
{
    struct usage u = { 0 };
    if (o.pids) {
        char *dup = strdup(o.pids), *save = NULL;
        for (char *t = strtok_r(dup, ",", &save); t; t = strtok_r(NULL, ",", &save)) usage_add(&u, atoi(t));
        free(dup);
    }
    return u;
}

/* Whole-machine CPU seconds: the kernel may book loopback TCP work as softirq
 * time that belongs to no process. */
static void host_cpu(double *busy, double *softirq, double *steal)
{
    unsigned long v[8] = { 0 };
    FILE *s = fopen("/proc/stat", "r");
    double tick = sysconf(_SC_CLK_TCK);
    if (!s) return;
    if (fscanf(s, "cpu %lu %lu %lu %lu %lu %lu %lu %lu", v, v + 1, v + 2, v + 3, v + 4, v + 5, v + 6, v + 7) == 8) {
        *busy = (v[0] + v[1] + v[2] + v[5] + v[6]) / tick;
        *softirq = (v[5] + v[6]) / tick;
        *steal = v[7] / tick;
    }
    fclose(s);
}

static double self_cpu(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6;
}

/* ---------- report ---------- */

static int cmp_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prints "name":{p50,p90,p99,max,n} in milliseconds; sorts v. */
static void dist(const char *name, double *v, int n)
{
    qsort(v, n, sizeof *v, cmp_double);
#define Q(p) (n ? v[(int)fmin(n - 1, floor((p) * n))] * 1e3 : 0.0)
    printf("\"%s\":{\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"max\":%.3f,\"n\":%d}",
           name, Q(.5), Q(.9), Q(.99), Q(1), n);
#undef Q
}

static void json_str(const char *name, const char *s)
{
    printf("\"%s\":\"", name);
    for (; s && *s; s++) {
        if (*s == '"' || *s == '\\') putchar('\\');
        putchar((unsigned char)*s < 32 ? ' ' : *s);
    }
    putchar('"');
}

/* Fires a trigger (ws text on the chair connection, or a raw HTTP request
 * on a fresh, already connected socket) and returns the moment before it. */
static double fire(const char *text, const char *http_file)
{
    char b[16384], tpl[16384];
    struct conn *from = chair ? chair : &C[0];
    double t;
    if (!http_file && !*text) return now();
    if (http_file) {
        FILE *f = fopen(http_file, "r");
        if (!f) die("%s: %s", http_file, strerror(errno));
        size_t n = fread(tpl, 1, sizeof tpl - 1, f);
        tpl[n] = 0;
        fclose(f);
        size_t k = expand(b, sizeof b, tpl, from);
        if (http->fd >= 0) close(http->fd);
        http_status = 0;
        start_connect(http);
        pump_for(20);
        t = now();
        put(http, b, k);
    } else {
        size_t k = expand(b, sizeof b, text, from);
        t = now();
        send_frame(from, OP_TEXT, b, k);
    }
    return t;
}

static void run_round(double *v)
{
    int want = o.n - o.stall, k;
    for (int i = 0; i < o.n; i++)
        C[i].t_open = C[i].t_due = C[i].t_sent = C[i].t_ack = C[i].t_tally = C[i].t_final = 0;
    n_open = n_sent = n_ack = n_reject = n_dup_ack = n_final = heap_n = 0;
    lost = lost_open = lost_ack = lost_final = 0;
    t_first_sent = t_last_sent = t_close = 0;
    expand(expect_s, sizeof expect_s, o.expect, NULL);
    expand(ack_s, sizeof ack_s, o.ack, NULL);
    if (o.final) expand(final_s, sizeof final_s, o.final, NULL);
    uint64_t msgs0 = rx_msgs, bytes0 = rx_bytes, tally0 = rx_tally, other0 = rx_other;
    struct usage u0 = usage();
    double cpu0 = self_cpu(), hb[2] = { 0 }, hi[2] = { 0 }, hs[2] = { 0 };
    host_cpu(&hb[0], &hi[0], &hs[0]);
    in_round = true;
    closing = false;

    t_round = fire(o.trigger, o.trigger_http);
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    fprintf(stderr, "round %d\n", round_no);
    double end = t_round + o.timeout_s + o.window_ms * 1e-3;
    struct usage u_open = u0; /* the last look before anybody had the event */
    while (now() < end && (n_open + lost_open < want || (o.ballot && n_ack + lost_ack < want))) {
        if (!n_open) u_open = usage();
        pump(100);
    }
    if (o.linger_ms) pump_for(o.linger_ms);
    struct usage u_ack = usage();
    if (o.close || o.close_http) {
        closing = true;
        t_close = fire(o.close, o.close_http);
        end = t_close + o.timeout_s;
        while (now() < end && n_final + lost_final < want) pump(100);
    }
    double t_end = now();
    pump_for(o.settle_ms);
    in_round = false;
    struct usage u1 = usage();
    host_cpu(&hb[1], &hi[1], &hs[1]);

    printf("{\"round\":%d,\"t0_unix_ms\":%.3f,", round_no, wall.tv_sec * 1e3 + wall.tv_nsec * 1e-6);
    if (t_close) printf("\"close_ms\":%.3f,", (t_close - t_round) * 1e3);
    k = 0;
    for (int i = 0; i < o.n; i++) if (C[i].t_open) v[k++] = C[i].t_open - t_round;
    dist("open_ms", v, k);
    printf(",\"open_missing\":%d,\"lost\":%d", want - n_open, lost);
    if (o.ballot) {
        double first = 0, last = 0, tally = 0;
        k = 0;
        for (int i = 0; i < o.n; i++) {
            struct conn *c = &C[i];
            if (c->t_tally > tally) tally = c->t_tally;
            if (!c->t_ack) continue;
            v[k++] = c->t_ack - c->t_sent;
            if (!first || c->t_ack < first) first = c->t_ack;
            if (c->t_ack > last) last = c->t_ack;
        }
        putchar(',');
        dist("ack_ms", v, k);
        printf(",\"ack_missing\":%d,\"ack_rejected\":%d,\"ack_duplicate\":%d,\"first_sent_ms\":%.3f,\"last_sent_ms\":%.3f,"
               "\"first_ack_ms\":%.3f,\"last_ack_ms\":%.3f,\"ballots_per_s\":%.0f,\"tally_msgs\":%llu,\"last_tally_ms\":%.3f",
               want - n_ack, n_reject, n_dup_ack, (t_first_sent - t_round) * 1e3, (t_last_sent - t_round) * 1e3,
               (first - t_round) * 1e3, (last - t_round) * 1e3, k > 1 ? k / (last - t_first_sent) : 0.0,
               (unsigned long long)(rx_tally - tally0), tally ? (tally - t_round) * 1e3 : 0.0);
    }
    if (t_close) {
        k = 0;
        for (int i = 0; i < o.n; i++) if (C[i].t_final) v[k++] = C[i].t_final - t_close;
        putchar(',');
        dist("final_ms", v, k);
        printf(",\"final_missing\":%d", want - n_final);
    }
    printf(",\"wall_s\":%.3f,\"rx_msgs\":%llu,\"rx_bytes\":%llu,\"rx_other\":%llu,\"client_cpu_s\":%.3f", t_end - t_round,
           (unsigned long long)(rx_msgs - msgs0), (unsigned long long)(rx_bytes - bytes0),
           (unsigned long long)(rx_other - other0), self_cpu() - cpu0);
    printf(",\"host_busy_s\":%.2f,\"host_softirq_s\":%.2f,\"host_steal_s\":%.2f", hb[1] - hb[0], hi[1] - hi[0], hs[1] - hs[0]);
    if (http_status) printf(",\"http_status\":%d", http_status);
    if (o.pids)
        printf(",\"ballots_server_cpu_s\":%.4f,\"server_cpu_s\":%.4f,\"server_user_s\":%.2f,\"server_sys_s\":%.2f,\"server_rss_kb\":%ld", u_ack.cpu - u_open.cpu, u1.cpu - u0.cpu, u1.cpu_user - u0.cpu_user,
               u1.cpu_sys - u0.cpu_sys, u1.rss_kb);
    printf(",\"up\":%d}", n_up);
}

static volatile sig_atomic_t told_to;
static void on_signal(int number) { told_to = number; }

/* The line is reset, as when a proxy in between dies. */
static void reset(struct conn *c)
{
    struct linger l = { .l_onoff = 1, .l_linger = 0 };
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
    close(c->fd);
    c->fd = -1;
    c->tries = 0;
    come_back(c);
}

/* One look at everybody: who tries again, who gives up a try, who fetches the page. */
static int look_around(double t_cut)
{
    double t = now();
    int away = 0;
    for (int i = 0; i < o.n; i++) {
        struct conn *c = &C[i], *f = &C[o.n + 1 + i];
        away += !c->t_again || !c->t_open;
        if (c->state == S_CLOSED && c->t_next <= t) {
            n_tries++;
            start_connect(c);
        } else if (c->state != S_CLOSED && !c->t_again && t - c->t_start > o.hanging_ms * 1e-3) {
            drop(c, "hanging");
        }
        if (!o.page || c->t_again || t < f->t_page) continue;
        if (!f->t_page) f->t_page = t_cut + o.patience_ms * (1 + chance()) * 1e-3;
        else if (f->fd < 0) {
            n_fetches++;
            start_connect(f);
            f->t_page = t + 3 * (0.8 + 0.4 * chance());
        }
    }
    return away;
}

static void show(double t)
{
    int lines[S_CLOSED + 1] = { 0 }, fetches[S_CLOSED + 1] = { 0 };
    for (int i = 0; i < o.n; i++) {
        lines[C[i].state]++;
        fetches[C[o.n + 1 + i].state]++;
    }
    fprintf(stderr, "%.1f s: lines %d away, %d connecting, %d in the handshake, %d open; %d fetches under way; "
            "so far %d tries, %d fetches\n", t, lines[S_CLOSED], lines[S_CONNECTING], lines[S_HANDSHAKE], lines[S_OPEN],
            fetches[S_CONNECTING] + fetches[S_HTTP], n_tries, n_fetches);
}

static void storm(double *v)
{
    double t_cut, end, looked = 0;
    long peak = 0;
    int k, away = o.n;
    signal(SIGUSR1, on_signal);
    expand(expect_s, sizeof expect_s, o.expect, NULL);
    struct usage u0 = usage();
    printf("{\"ready\":%d}\n", n_up);
    fflush(stdout);
    while (told_to != SIGUSR1) pump(20);
    for (int i = 0; i < o.n; i++) C[i].t_open = C[i].t_again = 0;
    t_cut = now();
    end = t_cut + o.listen_s;
    if (!strcmp(o.storm, "cut")) {
        storming = true;
        n_inflight = 0;
        for (int i = 0; i < o.n; i++) if (C[i].fd >= 0) reset(&C[i]);
        while (now() < end && (away = look_around(t_cut))) {
            pump(5);
            if (now() - looked > 0.2) {
                looked = now();
                if (o.verbose) show(looked - t_cut);
                long rss = usage().rss_kb;
                if (rss > peak) peak = rss;
            }
        }
    } else {
        for (int i = o.n - o.deaf; i < o.n; i++) {
            C[i].stalled = true;
            watch(&C[i], EPOLL_CTL_DEL, 0);
        }
        while (now() < end) pump(100);
    }
    struct usage u1 = usage();
    printf("{\"wall_s\":%.3f,\"away\":%d,\"tries\":%d,\"fetches\":%d,\"rss_kb_before\":%ld,\"rss_kb_peak\":%ld,\"rss_kb_after\":%ld,\"server_cpu_s\":%.3f,",
           now() - t_cut, away, n_tries, n_fetches, u0.rss_kb, peak, u1.rss_kb, u1.cpu - u0.cpu);
    k = 0;
    for (int i = 0; i < o.n; i++) if (C[i].t_again) v[k++] = C[i].t_again - t_cut;
    dist("again_ms", v, k);
    putchar(',');
    k = 0;
    for (int i = 0; i < o.n; i++) if (C[i].t_open) v[k++] = C[i].t_open - t_cut;
    dist("open_ms", v, k);
    puts("}");
    fflush(stdout);
    storming = false;
    pump_for(o.listen_s * 1000); /* everybody stays until the run is ended */
}

static char **read_lines(const char *file, int *n)
{
    FILE *f = fopen(file, "r");
    char **v = NULL, *line = NULL;
    size_t cap = 0;
    ssize_t k;
    if (!f) die("%s: %s", file, strerror(errno));
    while ((k = getline(&line, &cap, f)) > 0) {
        while (k && (line[k - 1] == '\n' || line[k - 1] == '\r')) line[--k] = 0;
        if (!k) continue;
        v = realloc(v, (*n + 1) * sizeof *v);
        v[(*n)++] = strdup(line);
    }
    fclose(f);
    free(line);
    if (!*n) die("%s: empty", file);
    return v;
}

static void connect_all(int total)
{
    double t0 = now(), end = t0 + o.timeout_s + (o.rate ? (double)o.n / o.rate : 0);
    int next = 0;
    while ((n_up + n_failed + n_closed < total) && now() < end) {
        int may = o.rate ? (int)((now() - t0) * o.rate) + 1 : total;
        while (next < total && next < may && n_inflight < o.inflight) start_connect(&C[next++]);
        pump(next < total ? 1 : 50);
    }
}

enum { A_HOST = 256, A_PORT, A_PATH, A_PATHS, A_SUB, A_ORIGIN, A_HEADER, A_COOKIES, A_CPATH, A_CCOOKIE, A_N, A_RATE,
       A_INFLIGHT, A_SRCS, A_HOLD, A_ROUNDS, A_GAP, A_TIMEOUT, A_SETTLE, A_LINGER, A_TRIG, A_TRIGH, A_EXPECT, A_BALLOT,
       A_ACK, A_REJECT, A_WINDOW, A_CLOSE, A_CLOSEH, A_FINAL, A_TALLY, A_CAPTURE, A_PIDS, A_TAG, A_DEFLATE, A_STALL,
       A_SEED, A_VERBOSE, A_BALLOTS, A_STORM, A_GREETED, A_PAGE, A_FIRST, A_SPREAD, A_LONGEST, A_HANGING, A_PATIENCE,
       A_DEAF, A_LISTEN };

static const struct option opts[] = {
    { "host", 1, NULL, A_HOST }, { "port", 1, NULL, A_PORT }, { "path", 1, NULL, A_PATH }, { "path-file", 1, NULL, A_PATHS },
    { "subprotocol", 1, NULL, A_SUB }, { "origin", 1, NULL, A_ORIGIN }, { "header", 1, NULL, A_HEADER },
    { "cookie-file", 1, NULL, A_COOKIES }, { "chair-path", 1, NULL, A_CPATH }, { "chair-cookie", 1, NULL, A_CCOOKIE },
    { "n", 1, NULL, A_N }, { "rate", 1, NULL, A_RATE }, { "inflight", 1, NULL, A_INFLIGHT }, { "srcs", 1, NULL, A_SRCS },
    { "hold-ms", 1, NULL, A_HOLD }, { "rounds", 1, NULL, A_ROUNDS }, { "gap-ms", 1, NULL, A_GAP },
    { "timeout-s", 1, NULL, A_TIMEOUT }, { "settle-ms", 1, NULL, A_SETTLE }, { "linger-ms", 1, NULL, A_LINGER },
    { "trigger", 1, NULL, A_TRIG }, { "trigger-http", 1, NULL, A_TRIGH }, { "expect", 1, NULL, A_EXPECT },
    { "ballot", 1, NULL, A_BALLOT }, { "ack", 1, NULL, A_ACK }, { "reject", 1, NULL, A_REJECT },
    { "window-ms", 1, NULL, A_WINDOW }, { "close", 1, NULL, A_CLOSE }, { "close-http", 1, NULL, A_CLOSEH },
    { "final", 1, NULL, A_FINAL }, { "tally", 1, NULL, A_TALLY }, { "capture", 1, NULL, A_CAPTURE },
    { "server-pid", 1, NULL, A_PIDS }, { "tag", 1, NULL, A_TAG }, { "deflate", 0, NULL, A_DEFLATE },
    { "stall", 1, NULL, A_STALL }, { "seed", 1, NULL, A_SEED }, { "verbose", 0, NULL, A_VERBOSE },
    { "ballot-file", 1, NULL, A_BALLOTS }, { "storm", 1, NULL, A_STORM }, { "greeted", 1, NULL, A_GREETED },
    { "page", 1, NULL, A_PAGE }, { "first-ms", 1, NULL, A_FIRST }, { "spread-ms", 1, NULL, A_SPREAD },
    { "longest-ms", 1, NULL, A_LONGEST }, { "hanging-ms", 1, NULL, A_HANGING }, { "patience-ms", 1, NULL, A_PATIENCE },
    { "deaf", 1, NULL, A_DEAF }, { "listen-s", 1, NULL, A_LISTEN }, { 0, 0, 0, 0 },
};

int main(int argc, char **argv)
{
    for (int k; (k = getopt_long(argc, argv, "", opts, NULL)) != -1;) switch (k) {
        case A_HOST: o.host = optarg; break;
        case A_PORT: o.port = atoi(optarg); break;
        case A_PATH: o.path = optarg; break;
        case A_PATHS: paths = read_lines(optarg, &npaths); break;
        case A_SUB: o.subprotocol = optarg; break;
        case A_ORIGIN: o.origin = optarg; break;
        case A_HEADER: if (o.nheader == 8) die("too many headers"); o.header[o.nheader++] = optarg; break;
        case A_COOKIES: cookies = read_lines(optarg, &ncookies); break;
        case A_CPATH: o.chair_path = optarg; break;
        case A_CCOOKIE: o.chair_cookie = optarg; break;
        case A_N: o.n = atoi(optarg); break;
        case A_RATE: o.rate = atoi(optarg); break;
        case A_INFLIGHT: o.inflight = atoi(optarg); break;
        case A_SRCS: o.srcs = atoi(optarg); break;
        case A_HOLD: o.hold_ms = atoi(optarg); break;
        case A_ROUNDS: o.rounds = atoi(optarg); break;
        case A_GAP: o.gap_ms = atoi(optarg); break;
        case A_TIMEOUT: o.timeout_s = atoi(optarg); break;
        case A_SETTLE: o.settle_ms = atoi(optarg); break;
        case A_LINGER: o.linger_ms = atoi(optarg); break;
        case A_TRIG: o.trigger = optarg; break;
        case A_TRIGH: o.trigger_http = optarg; break;
        case A_EXPECT: o.expect = optarg; break;
        case A_BALLOT: o.ballot = optarg; break;
        case A_ACK: o.ack = optarg; break;
        case A_REJECT: o.reject = optarg; break;
        case A_WINDOW: o.window_ms = atof(optarg); break;
        case A_CLOSE: o.close = optarg; break;
        case A_CLOSEH: o.close_http = optarg; break;
        case A_FINAL: o.final = optarg; break;
        case A_TALLY: o.tally = optarg; break;
        case A_CAPTURE: o.capture = optarg; break;
        case A_PIDS: o.pids = optarg; break;
        case A_TAG: o.tag = optarg; break;
        case A_DEFLATE: o.deflate = true; break;
        case A_STALL: o.stall = atoi(optarg); break;
        case A_SEED: rng_state ^= strtoull(optarg, NULL, 0) * 0x9e3779b97f4a7c15ull; break;
        case A_BALLOTS: o.ballot_file = optarg; break;
        case A_VERBOSE: o.verbose = true; break;
        case A_STORM: o.storm = optarg; break;
        case A_GREETED: o.greeted = optarg; break;
        case A_PAGE: o.page = optarg; break;
        case A_FIRST: o.first_ms = atoi(optarg); break;
        case A_SPREAD: o.spread_ms = atoi(optarg); break;
        case A_LONGEST: o.longest_ms = atoi(optarg); break;
        case A_HANGING: o.hanging_ms = atoi(optarg); break;
        case A_PATIENCE: o.patience_ms = atoi(optarg); break;
        case A_DEAF: o.deaf = atoi(optarg); break;
        case A_LISTEN: o.listen_s = atoi(optarg); break;
        default: return 2;
    }
    if (o.n < 1 || o.stall >= o.n) die("bad --n/--stall");
    if (!o.srcs) o.srcs = 1 + o.n / 20000;
    if ((o.close || o.close_http) && !o.final) die("--close needs --final");
    bool has_chair = o.chair_path || o.chair_cookie;
    int total = o.n + has_chair;
    struct rlimit rl;
    getrlimit(RLIMIT_NOFILE, &rl);
    if (o.storm && has_chair) die("a storm has no chair of its own");
    if ((rlim_t)total + 32 > rl.rlim_cur) die("--n exceeds ulimit -n (%ld)", (long)rl.rlim_cur);
    signal(SIGPIPE, SIG_IGN);
    ep = epoll_create1(EPOLL_CLOEXEC);
    C = calloc(2 * total + 1, sizeof *C);
    heap = calloc(total, sizeof *heap);
    double *v = calloc(total, sizeof *v);
    for (int i = 0; i <= 2 * total; i++) { C[i].idx = i; C[i].fd = -1; C[i].fetches = i > total; }
    for (int i = o.n - o.stall; i < o.n; i++) C[i].stalled = true;
    if (has_chair) chair = &C[o.n];
    http = &C[total];

    struct usage u0 = usage();
    double t0 = now(), t_up;
    connect_all(total);
    t_up = now() - t0;
    struct usage u1 = usage();

    putchar('{');
    json_str("tag", o.tag);
    printf(",\"n\":%d,\"stalled\":%d,\"window_ms\":%.0f,\"up\":%d,\"failed\":%d,\"connect_s\":%.3f,\"connects_per_s\":%.0f,",
           o.n, o.stall, o.window_ms, n_up, n_failed, t_up, n_up / t_up);
    int k = 0;
    for (int i = 0; i < o.n; i++) if (C[i].t_up) v[k++] = C[i].t_up - C[i].t_start;
    dist("handshake_ms", v, k);
    if (o.pids)
        printf(",\"connect_server_cpu_s\":%.3f,\"rss_kb_before\":%ld,\"rss_kb_connected\":%ld,\"rss_bytes_per_conn\":%.0f",
               u1.cpu - u0.cpu, u0.rss_kb, u1.rss_kb,
               n_up ? (u1.rss_kb - u0.rss_kb) * 1024.0 / n_up : 0.0);
    pump_for(o.hold_ms);
    if (o.storm) {
        putchar(',');
        json_str("first_error", first_error);
        puts("}");
        storm(v);
        return n_up ? 0 : 1;
    }
    printf(",\"rounds\":[");
    fflush(stdout); /* whoever makes the event happen reads that everybody is there */
    bool fits = n_up == total;
    for (round_no = 1; fits && (o.trigger || o.trigger_http) && round_no <= o.rounds; round_no++) {
        if (round_no > 1) { putchar(','); pump_for(o.gap_ms); }
        run_round(v);
        fflush(stdout);
    }
    printf("],\"rx_pings\":%llu,\"closed_by_server\":%d,", (unsigned long long)rx_pings, n_closed);
    json_str("first_error", first_error);
    puts("}");
    for (int i = 0; i < total; i++) if (C[i].fd >= 0) close(C[i].fd);
    return fits ? 0 : 1;
}

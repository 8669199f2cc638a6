/* A disk that can be cut off, slow, full or broken, and a wall clock that jumps.

   Loaded into the real server before libc (LD_PRELOAD), it sees each change of a file below
   POWERCUT_FOLDER: what is created, written, cut to a length, renamed, removed, and what is synced.
   With POWERCUT_JOURNAL it appends each, in its order and with the moment at which it began, to that
   file: what a power cut at any point might have left can be rebuilt from it (tests/faults/disk.py).
   With POWERCUT_FAULTS it reads, at every call, what is to go wrong now from that file, which another
   process may change meanwhile.

   cc -shared -fPIC -O2 -o powercut.so powercut.c -ldl -lpthread */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FILES 65536

/* What goes wrong now; the same order as `Faults` in tests/faults/disk.py. */
struct faults {
    int64_t full;         /* a write that makes a file longer fails with ENOSPC; 2: until the ballast is gone */
    int64_t write_fails;  /* every write fails with EIO */
    int64_t sync_fails;   /* so many syncs fail with EIO; what they were for counts as written */
    int64_t file_fails;   /* the same for the database's own file alone, as a checkpoint syncs it */
    int64_t sync_ms;      /* a sync takes so much longer */
    int64_t clock_ms;     /* the wall clock is off by so much */
    int64_t failed;       /* how many calls have failed by our doing */
};

struct record {
    uint8_t op;
    uint8_t unused;
    uint16_t path;
    uint32_t data;
    int64_t offset;
    int64_t at;
};

static char *names[FILES];
static char folder[4096];
static size_t folder_length;
static int journal = -1;
static struct faults none, *faults = &none;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, ...) \
    static type (*real_##name)(__VA_ARGS__); \
    if (!real_##name) real_##name = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static int64_t monotonic(void)
{
    REAL(int, clock_gettime, clockid_t, struct timespec *);
    struct timespec now;
    real_clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

__attribute__((constructor)) static void start(void)
{
    REAL(int, open64, const char *, int, ...);
    const char *below = getenv("POWERCUT_FOLDER"), *path = getenv("POWERCUT_JOURNAL");
    if (below) snprintf(folder, sizeof folder, "%s", below);
    folder_length = strlen(folder);
    if (path) journal = real_open64(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if ((path = getenv("POWERCUT_FAULTS"))) {
        int file = real_open64(path, O_RDWR | O_CLOEXEC);
        void *shared = file < 0 ? MAP_FAILED
            : mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (shared != MAP_FAILED) faults = shared;
        if (file >= 0) close(file);
    }
}

/* The path below the folder, or NULL for what is none of ours: shared memory, locks, sockets. */
static const char *ours(const char *path)
{
    if (!folder_length || strncmp(path, folder, folder_length)) return NULL;
    path += folder_length;
    if (*path != '/' && *path) return NULL;
    if (*path == '/') path++;
    size_t length = strlen(path);
    if (length >= 4 && !strcmp(path + length - 4, "-shm")) return NULL;
    if (length >= 4 && !strcmp(path + length - 4, "lock")) return NULL;
    return path;
}

static const char *name_of(int fd)
{
    return fd >= 0 && fd < FILES ? names[fd] : NULL;
}

static void note(char op, const char *path, int64_t offset, const void *data, size_t length, int64_t at)
{
    if (journal < 0) return;
    REAL(ssize_t, writev, int, const struct iovec *, int);
    struct record head = {op, 0, strlen(path), length, offset, at};
    struct iovec parts[3] = {
        {&head, sizeof head}, {(void *)path, head.path}, {(void *)data, length}};
    real_writev(journal, parts, 3);  /* O_APPEND: whole, also beside another process */
}

static int opened(int fd, const char *path, int flags, int existed, int64_t at)
{
    const char *name = fd >= 0 && fd < FILES ? ours(path) : NULL;
    if (!name) return fd;
    free(names[fd]);
    names[fd] = strdup(name);
    if (!existed) note('C', name, 0, "", 0, at);
    else if (flags & O_TRUNC) note('T', name, 0, "", 0, at);
    return fd;
}

#define OPENER(symbol) \
int symbol(const char *path, int flags, ...) \
{ \
    REAL(int, symbol, const char *, int, ...); \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, int); \
        va_end(rest); \
    } \
    if (!folder_length || !ours(path)) return real_##symbol(path, flags, mode); \
    pthread_mutex_lock(&one_at_a_time); \
    int existed = !(flags & O_CREAT) || !access(path, F_OK); \
    int64_t at = monotonic(); \
    int fd = opened(real_##symbol(path, flags, mode), path, flags, existed, at); \
    pthread_mutex_unlock(&one_at_a_time); \
    return fd; \
}
OPENER(open)
OPENER(open64)

int close(int fd)
{
    REAL(int, close, int);
    if (!name_of(fd)) return real_close(fd);
    pthread_mutex_lock(&one_at_a_time);
    free(names[fd]);
    names[fd] = NULL;
    int done = real_close(fd);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

static int fails(int fd, int64_t end)
{
    struct stat now;
    int why = 0;
    if (faults->write_fails) why = EIO;
    else if (faults->full && !fstat(fd, &now) && end > now.st_size) why = ENOSPC;
    if (why) __atomic_add_fetch(&faults->failed, 1, __ATOMIC_SEQ_CST);
    errno = why;
    return why;
}

#define PWRITER(symbol, offset_type) \
ssize_t symbol(int fd, const void *data, size_t length, offset_type offset) \
{ \
    REAL(ssize_t, symbol, int, const void *, size_t, offset_type); \
    const char *name = name_of(fd); \
    if (!name) return real_##symbol(fd, data, length, offset); \
    if (fails(fd, offset + length)) return -1; \
    pthread_mutex_lock(&one_at_a_time); \
    int64_t at = monotonic(); \
    ssize_t done = real_##symbol(fd, data, length, offset); \
    if (done > 0) note('W', name, offset, data, done, at); \
    pthread_mutex_unlock(&one_at_a_time); \
    return done; \
}
PWRITER(pwrite, off_t)
PWRITER(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t length)
{
    REAL(ssize_t, write, int, const void *, size_t);
    const char *name = name_of(fd);
    if (!name) return real_write(fd, data, length);
    int64_t offset = lseek64(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
    if (fails(fd, offset + length)) return -1;
    pthread_mutex_lock(&one_at_a_time);
    int64_t at = monotonic();
    ssize_t done = real_write(fd, data, length);
    if (done > 0) note('W', name, offset, data, done, at);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

static int sync_with(int (*real)(int), int fd)
{
    const char *name = name_of(fd);
    if (!name) return real(fd);
    if (faults->sync_ms) usleep(faults->sync_ms * 1000);
    size_t length = strlen(name);
    int64_t *fail = length > 3 && !strcmp(name + length - 3, ".db") && faults->file_fails
        ? &faults->file_fails : &faults->sync_fails;
    if (*fail > 0) {
        /* Once, as Linux does it: the next sync of the same pages would succeed and mean nothing. */
        __atomic_sub_fetch(fail, 1, __ATOMIC_SEQ_CST);
        __atomic_add_fetch(&faults->failed, 1, __ATOMIC_SEQ_CST);
        errno = EIO;
        return -1;
    }
    pthread_mutex_lock(&one_at_a_time);
    int64_t at = monotonic();
    int done = real(fd);
    if (!done) note('S', name, 0, "", 0, at);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

int fsync(int fd)
{
    REAL(int, fsync, int);
    return sync_with(real_fsync, fd);
}

int fdatasync(int fd)
{
    REAL(int, fdatasync, int);
    return sync_with(real_fdatasync, fd);
}

#define TRUNCATER(symbol, length_type) \
int symbol(int fd, length_type length) \
{ \
    REAL(int, symbol, int, length_type); \
    const char *name = name_of(fd); \
    if (!name) return real_##symbol(fd, length); \
    pthread_mutex_lock(&one_at_a_time); \
    int64_t at = monotonic(); \
    int done = real_##symbol(fd, length); \
    if (!done) note('T', name, length, "", 0, at); \
    pthread_mutex_unlock(&one_at_a_time); \
    return done; \
}
TRUNCATER(ftruncate, off_t)
TRUNCATER(ftruncate64, off64_t)

int unlink(const char *path)
{
    REAL(int, unlink, const char *);
    const char *name = ours(path);
    if (!name) return real_unlink(path);
    pthread_mutex_lock(&one_at_a_time);
    int64_t at = monotonic();
    int done = real_unlink(path);
    if (!done) note('U', name, 0, "", 0, at);
    if (!done && faults->full == 2 && !strcmp(name, "ballast")) faults->full = 0;
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

int rename(const char *from, const char *to)
{
    REAL(int, rename, const char *, const char *);
    const char *name = ours(from), *other = ours(to);
    if (!name || !other) return real_rename(from, to);
    pthread_mutex_lock(&one_at_a_time);
    int64_t at = monotonic();
    int done = real_rename(from, to);
    if (!done) note('R', name, 0, other, strlen(other), at);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

static void shift(struct timespec *time)
{
    int64_t all = time->tv_sec * 1000000000LL + time->tv_nsec + faults->clock_ms * 1000000LL;
    time->tv_sec = all / 1000000000LL;
    time->tv_nsec = all % 1000000000LL;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    REAL(int, clock_gettime, clockid_t, struct timespec *);
    int done = real_clock_gettime(clock, time);
    if (!done && clock == CLOCK_REALTIME) shift(time);
    return done;
}

time_t time(time_t *where)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (where) *where = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict where, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    where->tv_sec = now.tv_sec;
    where->tv_usec = now.tv_nsec / 1000;
    return 0;
}

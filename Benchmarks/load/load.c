// The load generator: one thread, epoll, as many sockets as the limit on open files allows.
//
// People are numbered from 0; `--people` of them are in each of `--rooms` rooms, and the first `--senders` of each room
// speak. A message says who spoke, their how-manieth it is, and when it left: "#2.17.123456789#". Each receiver
// checks that every sender's messages reach it once and in order; what is missing at the end is lost.
//
// Modes:
//   window  each sender has `--window` messages under way; one is done when everybody in the room has it
//   rate    the first person says `--rate` messages a second; how long each takes to each receiver is kept
//   acks    each sender has `--window` messages unacknowledged; how long each acknowledgement takes is kept (parley)
//   idle    opens the sockets, says "ready", and holds them until standard input ends
//
// Two dialects: `--parley TOKENS` (a file with an access token in each line) speaks docs/protocol.md; without it the
// peers' own: what is sent is what everybody in the room of the address /room/N gets.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 20, OPENING_MAX = 200, WINDOW_MAX = 64, STANDARD_INPUT = -1 };

typedef enum { CONNECTING, UPGRADING, OPEN } State;

typedef struct {
    int fd;
    State state;
    int room, member;
    uint32_t sent;      // messages, also the number of the last one
    uint32_t *received; // the last number from each sender of the room
    uint64_t sent_at[WINDOW_MAX];
    char *rest; // the beginning of a frame whose end is still to come
    int rest_length, rest_capacity;
} Socket;

static struct {
    enum { WINDOW, RATE, ACKS, IDLE } mode;
    int port, rooms, people, senders, window;
    double rate, seconds;
    char **tokens;
    int token_count;
} options = {WINDOW, 0, 1, 1, 1, 1, 0, 5, NULL, 0};

static Socket *sockets;
static int socket_count, open_count, epoll;
static char *buffer;
static bool stopping;
// How many have each sender's message, by its number modulo the window's limit.
static uint32_t (*holders)[WINDOW_MAX];
static struct { uint64_t sent, delivered, acknowledged, lost, doubled, errors; } counts;
static struct { uint64_t *items; size_t count, capacity; } latencies;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void record(uint64_t latency) {
    if (latencies.count == latencies.capacity) {
        latencies.capacity = latencies.capacity ? latencies.capacity * 2 : 1 << 20;
        latencies.items = realloc(latencies.items, latencies.capacity * sizeof *latencies.items);
    }
    latencies.items[latencies.count++] = latency;
}

static void watch(int index, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.u32 = (uint32_t)index};
    if (epoll_ctl(epoll, operation, sockets[index].fd, &event)) fail("epoll_ctl");
}

static void begin_connecting(int index) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0) fail("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS) fail("connect");
    sockets[index].fd = fd;
    watch(index, EPOLL_CTL_ADD, EPOLLOUT);
}

static void put(Socket *socket, const char *bytes, int length) {
    // A socket's buffer holds far more than the few messages that are under way.
    if (write(socket->fd, bytes, (size_t)length) != length) fail("write");
}

static void begin_upgrade(int index) {
    Socket *socket = &sockets[index];
    char request[2048], credentials[1024] = "", path[32] = "/ws";
    if (options.tokens)
        snprintf(credentials, sizeof credentials, "Authorization: Bearer %s\r\n", options.tokens[index]);
    else
        snprintf(path, sizeof path, "/room/%d", socket->room);
    int length = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
        path, options.port, credentials);
    put(socket, request, length);
    socket->state = UPGRADING;
    watch(index, EPOLL_CTL_MOD, EPOLLIN);
}

static void put_frame(Socket *socket, unsigned char opcode, const char *payload, int length) {
    char frame[1024];
    int header = 2;
    frame[0] = (char)(0x80 | opcode);
    if (length < 126) {
        frame[1] = (char)(0x80 | length);
    } else {
        frame[1] = (char)(0x80 | 126);
        frame[2] = (char)(length >> 8);
        frame[3] = (char)length;
        header = 4;
    }
    memset(frame + header, 0, 4); // a mask of zeros is a mask
    memcpy(frame + header + 4, payload, (size_t)length);
    put(socket, frame, header + 4 + length);
}

static void speak(Socket *socket) {
    if (stopping) return;
    char text[128], frame[512];
    uint64_t time = now();
    socket->sent_at[++socket->sent % WINDOW_MAX] = time;
    int length = snprintf(text, sizeof text, "#%d.%u.%llu# the quick brown fox jumps over the dog", socket->member,
        socket->sent, (unsigned long long)time);
    if (options.tokens)
        length = snprintf(frame, sizeof frame,
            "{\"type\":\"chat_message\",\"id\":%u,\"room\":\"room-%d\",\"message\":\"%s\",\"clientId\":\"%d-%u-%llx\"}",
            socket->sent, socket->room, text, socket->member, socket->sent, (unsigned long long)time);
    put_frame(socket, 1, options.tokens ? frame : text, length);
    counts.sent++;
}

static uint64_t number(const char **text) {
    uint64_t value = 0;
    for (; **text >= '0' && **text <= '9'; ++*text) value = value * 10 + (uint64_t)(**text - '0');
    return value;
}

static void take_message(Socket *socket, const char *marker) {
    int member = (int)number(&marker);
    marker++;
    uint32_t count = (uint32_t)number(&marker);
    marker++;
    if (options.mode == RATE) record(now() - number(&marker));
    counts.delivered++;
    uint32_t *last = &socket->received[member];
    if (count <= *last) {
        counts.doubled++; // or out of order, which is as bad
        return;
    }
    counts.lost += count - *last - 1;
    *last = count;
    if (options.mode != WINDOW) return;
    uint32_t *holding = &holders[socket->room * options.senders + member][count % WINDOW_MAX];
    if (++*holding < (uint32_t)options.people) return;
    *holding = 0;
    speak(&sockets[socket->room * options.people + member]);
}

static void take_text(Socket *socket, const char *text, int length) {
    static const char ok[] = "{\"type\":\"ok\",\"re\":", error[] = "{\"type\":\"error\"";
    const char *marker = memchr(text, '#', (size_t)length);
    if (marker) {
        marker++;
        take_message(socket, marker);
    } else if (length > (int)sizeof ok && !memcmp(text, ok, sizeof ok - 1)) {
        counts.acknowledged++;
        if (options.mode != ACKS) return;
        const char *re = text + sizeof ok - 1;
        record(now() - socket->sent_at[number(&re) % WINDOW_MAX]);
        speak(socket);
    } else if (length > (int)sizeof error && !memcmp(text, error, sizeof error - 1)) {
        if (counts.errors++ == 0) fprintf(stderr, "%.*s\n", length, text);
    }
}

// Returns how many of the bytes were whole frames.
static int take_frames(Socket *socket, const char *bytes, int length) {
    int taken = 0;
    while (length - taken >= 2) {
        const unsigned char *frame = (const unsigned char *)bytes + taken;
        int header = frame[1] == 126 ? 4 : frame[1] == 127 ? 10 : 2, left = length - taken;
        if (left < header) break;
        uint64_t payload = frame[1];
        if (header == 4) payload = (uint64_t)frame[2] << 8 | frame[3];
        if (header == 10) {
            payload = 0;
            for (int i = 2; i < 10; i++) payload = payload << 8 | frame[i];
        }
        if ((uint64_t)(left - header) < payload) break;
        const char *content = (const char *)frame + header;
        switch (frame[0] & 0x0F) {
        case 1: case 2: take_text(socket, content, (int)payload); break;
        case 8: fprintf(stderr, "closed by the server: %.*s\n", (int)payload, content); exit(1);
        case 9: put_frame(socket, 10, content, (int)payload); break;
        }
        taken += header + (int)payload;
    }
    return taken;
}

static void take_response(Socket *socket, int length, int *taken) {
    char *end = memmem(buffer, (size_t)length, "\r\n\r\n", 4);
    if (!end) return;
    if (memcmp(buffer, "HTTP/1.1 101", 12)) {
        fprintf(stderr, "%.*s\n", length, buffer);
        exit(1);
    }
    socket->state = OPEN;
    open_count++;
    *taken = (int)(end - buffer) + 4;
}

static void readable(int index) {
    Socket *socket = &sockets[index];
    int had = socket->rest_length, taken = 0;
    if (had) memcpy(buffer, socket->rest, (size_t)had);
    ssize_t got = read(socket->fd, buffer + had, (size_t)(READ_BYTES - had));
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        fprintf(stderr, "a connection ended\n");
        exit(1);
    }
    int length = had + (int)got;
    if (socket->state == UPGRADING) take_response(socket, length, &taken);
    if (socket->state == OPEN) taken += take_frames(socket, buffer + taken, length - taken);
    socket->rest_length = length - taken;
    if (socket->rest_length > socket->rest_capacity) {
        socket->rest_capacity = socket->rest_length * 2;
        socket->rest = realloc(socket->rest, (size_t)socket->rest_capacity);
    }
    if (socket->rest_length) memcpy(socket->rest, buffer + taken, (size_t)socket->rest_length);
}

// Returns false when standard input has ended.
static bool handle_events(int milliseconds) {
    struct epoll_event events[512];
    int count = epoll_wait(epoll, events, 512, milliseconds);
    for (int i = 0; i < count; i++) {
        int index = (int)events[i].data.u32;
        if (index == STANDARD_INPUT) return false;
        if (sockets[index].state == CONNECTING)
            begin_upgrade(index);
        else
            readable(index);
    }
    return true;
}

static void open_sockets(void) {
    uint64_t begun = now();
    for (int started = 0; open_count < socket_count;) {
        while (started < socket_count && started - open_count < OPENING_MAX) begin_connecting(started++);
        handle_events(100);
        if (now() - begun > 120000000000) {
            fprintf(stderr, "only %d of %d sockets opened in two minutes\n", open_count, socket_count);
            exit(1);
        }
    }
    // What the server says of who has come is over before the clock starts.
    for (begun = now(); now() - begun < 300000000;) handle_events(50);
}

static void hold(void) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)STANDARD_INPUT};
    epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
    printf("ready\n");
    fflush(stdout);
    while (handle_events(-1)) {}
}

static void run(uint64_t end) {
    uint64_t next = now();
    if (options.mode != RATE)
        for (int room = 0; room < options.rooms; room++)
            for (int member = 0; member < options.senders; member++)
                for (int i = 0; i < options.window; i++) speak(&sockets[room * options.people + member]);
    while (now() < end) {
        if (options.mode == RATE)
            for (; now() >= next; next += (uint64_t)(1e9 / options.rate)) speak(&sockets[0]);
        int64_t wait = options.mode == RATE ? ((int64_t)next - (int64_t)now()) / 1000000 : 100;
        handle_events(wait > 0 ? (int)wait : 0);
    }
}

static int ascending(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static double microseconds(double part) {
    return latencies.count ? (double)latencies.items[(size_t)((double)(latencies.count - 1) * part)] / 1e3 : 0;
}

static void report(uint64_t begun) {
    double seconds = (double)(now() - begun) / 1e9;
    uint64_t delivered = counts.delivered, acknowledged = counts.acknowledged, sent = counts.sent;
    stopping = true;
    uint64_t wanted = counts.sent * (uint64_t)options.people, until = now() + 10000000000;
    while (counts.delivered < wanted && now() < until) handle_events(50);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    qsort(latencies.items, latencies.count, sizeof *latencies.items, ascending);
    printf("{\"deliveries_per_second\": %.0f, \"messages_per_second\": %.0f, \"acks_per_second\": %.0f, "
           "\"deliveries\": %llu, \"lost\": %llu, \"doubled\": %llu, \"errors\": %llu, "
           "\"p50_us\": %.0f, \"p99_us\": %.0f, \"max_us\": %.0f, \"cpu_seconds\": %.2f}\n",
        (double)delivered / seconds, (double)sent / seconds, (double)acknowledged / seconds,
        (unsigned long long)counts.delivered,
        (unsigned long long)(wanted > counts.delivered ? wanted - counts.delivered : counts.lost),
        (unsigned long long)counts.doubled, (unsigned long long)counts.errors, microseconds(0.5), microseconds(0.99),
        microseconds(1), (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
}

static void read_tokens(const char *path) {
    FILE *file = fopen(path, "r");
    char line[1024];
    if (!file) fail(path);
    options.tokens = calloc(100000, sizeof *options.tokens);
    while (options.token_count < 100000 && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        options.tokens[options.token_count++] = strdup(line);
    }
    fclose(file);
}

static void read_options(int count, char **words) {
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = words[i], *value = words[i + 1];
        if (!strcmp(name, "--mode"))
            options.mode = *value == 'w' ? WINDOW : *value == 'r' ? RATE : *value == 'a' ? ACKS : IDLE;
        else if (!strcmp(name, "--port")) options.port = atoi(value);
        else if (!strcmp(name, "--rooms")) options.rooms = atoi(value);
        else if (!strcmp(name, "--people")) options.people = atoi(value);
        else if (!strcmp(name, "--senders")) options.senders = atoi(value);
        else if (!strcmp(name, "--window")) options.window = atoi(value);
        else if (!strcmp(name, "--rate")) options.rate = atof(value);
        else if (!strcmp(name, "--seconds")) options.seconds = atof(value);
        else if (!strcmp(name, "--parley")) read_tokens(value);
        else {
            fprintf(stderr, "there is no option %s\n", name);
            exit(2);
        }
    }
    socket_count = options.rooms * options.people;
    if (options.window > WINDOW_MAX || options.senders > options.people
        || (options.tokens && options.token_count < socket_count)) {
        fprintf(stderr, "a window beyond %d, more senders than people, or too few tokens\n", WINDOW_MAX);
        exit(2);
    }
}

int main(int count, char **words) {
    read_options(count, words);
    sockets = calloc((size_t)socket_count, sizeof *sockets);
    holders = calloc((size_t)(options.rooms * options.senders), sizeof *holders);
    buffer = malloc(READ_BYTES);
    epoll = epoll_create1(0);
    for (int i = 0; i < socket_count; i++) {
        sockets[i].room = i / options.people;
        sockets[i].member = i % options.people;
        sockets[i].received = calloc((size_t)options.senders, sizeof *sockets[i].received);
    }
    open_sockets();
    if (options.mode == IDLE) {
        hold();
        return 0;
    }
    uint64_t begun = now();
    run(begun + (uint64_t)(options.seconds * 1e9));
    report(begun);
    return 0;
}

/* A relay that only forwards: the floor to measure against.
 *
 *   relay PORT epoll|tick FIRST_PORT N
 *
 * Receives on 127.0.0.1:PORT with recvmmsg and sends every packet to N ports (FIRST_PORT,
 * FIRST_PORT + 2, ...) with sendmmsg; all N messages of a packet share its memory. "epoll" is woken
 * for each batch. "tick" changes to a timer of 1 ms after 24 wake-ups within 16 ms, and back after
 * 64 ticks that brought fewer than 64 packets. Ends with its standard input. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, OCTETS = 2048, CALL = 1024 };
enum { HOT_WAKES = 24, HOT_NANOS = 16000000, COLD_TICKS = 64, COLD_PACKETS = 64 };

static uint8_t data[BATCH][OCTETS];
static struct mmsghdr in[BATCH], *out;
static struct iovec in_vectors[BATCH], out_vectors[BATCH];
static struct sockaddr_in *receivers;
static int fd, n;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void send_all(int messages) {
  for (int done = 0; done < messages;) {
    int most = messages - done < CALL ? messages - done : CALL;
    int sent = sendmmsg(fd, out + done, most, 0);
    done += sent > 0 ? sent : 1;
  }
}

static int drain(void) {
  int sum = 0, got;
  do {
    got = recvmmsg(fd, in, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++) out_vectors[i].iov_len = in[i].msg_len;
    if (got > 0) {
      send_all(got * n);
      sum += got;
    }
  } while (got == BATCH);
  return sum;
}

static void lay_out(uint16_t first_port) {
  out = calloc(BATCH * n, sizeof *out);
  receivers = calloc(n, sizeof *receivers);
  if (!out || !receivers) fail("calloc");
  for (int r = 0; r < n; r++) {
    receivers[r].sin_family = AF_INET;
    receivers[r].sin_port = htons(first_port + 2 * r);
    receivers[r].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  for (int i = 0; i < BATCH; i++) {
    in_vectors[i] = (struct iovec){data[i], OCTETS};
    out_vectors[i] = in_vectors[i];
    in[i].msg_hdr.msg_iov = &in_vectors[i];
    in[i].msg_hdr.msg_iovlen = 1;
    for (int r = 0; r < n; r++) {
      struct msghdr *m = &out[i * n + r].msg_hdr;
      m->msg_name = &receivers[r];
      m->msg_namelen = sizeof *receivers;
      m->msg_iov = &out_vectors[i];
      m->msg_iovlen = 1;
    }
  }
}

static void watch(int poll, int what, uint32_t events, int op) {
  struct epoll_event e = {.events = events, .data.fd = what};
  if (epoll_ctl(poll, op, what, &e) < 0) fail("epoll_ctl");
}

static void timer(int tick, long nanos) {
  struct itimerspec every = {{0, nanos}, {0, nanos}};
  if (timerfd_settime(tick, 0, &every, NULL) < 0) fail("timerfd_settime");
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int may_tick = strcmp(argv[2], "tick") == 0, hot = 0, wakes = 0, ticks = 0, packets = 0;
  int poll = epoll_create1(0), tick = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  int octets = 4 << 20;
  int64_t since = 0;
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  n = atoi(argv[4]);
  fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) < 0) fail("bind");
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets) < 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
  lay_out(atoi(argv[3]));
  watch(poll, fd, EPOLLIN, EPOLL_CTL_ADD);
  watch(poll, tick, EPOLLIN, EPOLL_CTL_ADD);
  watch(poll, 0, EPOLLIN, EPOLL_CTL_ADD);
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[4];
    int got = epoll_wait(poll, events, 4, -1);
    for (int i = 0; i < got; i++) {
      uint64_t expired;
      if (events[i].data.fd == 0) return 0;
      if (events[i].data.fd == tick) {
        if (read(tick, &expired, sizeof expired) < 0) continue;
        packets += drain();
        if (++ticks < COLD_TICKS) continue;
        hot = packets >= COLD_PACKETS;
        ticks = packets = 0;
        if (!hot) {
          timer(tick, 0);
          watch(poll, fd, EPOLLIN, EPOLL_CTL_MOD);
        }
      } else if (!hot) {
        drain();
        int64_t t = now();
        if (t - since > HOT_NANOS) {
          since = t;
          wakes = 0;
        }
        if (may_tick && ++wakes >= HOT_WAKES) {
          hot = 1;
          wakes = ticks = packets = 0;
          watch(poll, fd, 0, EPOLL_CTL_MOD);
          timer(tick, 1000000);
        }
      }
    }
  }
}

/* Sends the packets of a window at a rate, each at its own time.
 *
 *   send FILE
 *
 * Each line "PORT COUNT RATE" on standard input sends the first COUNT slots to PORT, each of the
 * address that it names, and answers "sent ELAPSED_NANOS". Packet i is due i/RATE seconds after the first; what is overdue
 * goes out with one sendmmsg, so a late wake-up shifts nothing that follows. */
#define _GNU_SOURCE
#include "window.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

enum { MOST = 64 };

static void sleep_until(int64_t due) {
  struct timespec t = {due / 1000000000, due % 1000000000};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static int64_t send_all(int fd, struct slot *w, uint32_t count, double rate, uint16_t port) {
  struct sockaddr_in to[MOST];
  struct mmsghdr messages[MOST];
  struct iovec vectors[MOST];
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < MOST; i++) {
    to[i] = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    messages[i].msg_hdr.msg_name = &to[i];
    messages[i].msg_hdr.msg_namelen = sizeof to[i];
    messages[i].msg_hdr.msg_iov = &vectors[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  int64_t start = now(CLOCK_MONOTONIC) + 1000000;
  uint32_t next = 0;
  while (next < count) {
    sleep_until(start + (int64_t)(next * 1e9 / rate));
    int64_t elapsed = now(CLOCK_MONOTONIC) - start;
    uint32_t due = 1 + (uint32_t)(elapsed * rate / 1e9);
    if (due > count) due = count;
    while (next < due) {
      uint32_t n = due - next < MOST ? due - next : MOST;
      int64_t sent = now(CLOCK_REALTIME);
      for (uint32_t i = 0; i < n; i++) {
        struct slot *s = &w[next + i];
        s->sent_nanos = sent;
        to[i].sin_addr.s_addr = htonl(s->to ? s->to : INADDR_LOOPBACK);
        vectors[i].iov_base = s->packet;
        vectors[i].iov_len = s->octets;
      }
      int done = sendmmsg(fd, messages, n, 0);
      next += done > 0 ? (uint32_t)done : 1; /* what is refused counts as lost */
    }
  }
  return now(CLOCK_MONOTONIC) - start;
}

int main(int argc, char **argv) {
  uint32_t slots;
  unsigned port, count;
  double rate;
  if (argc != 2) return 2;
  struct slot *w = window_map(argv[1], &slots);
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) fail("socket");
  prctl(PR_SET_TIMERSLACK, 1);
  printf("ready\n");
  fflush(stdout);
  while (scanf("%u %u %lf", &port, &count, &rate) == 3) {
    if (count > slots) count = slots;
    printf("sent %lld\n", (long long)send_all(fd, w, count, rate, port));
    fflush(stdout);
  }
  return 0;
}

/* Receives what a relay sends to N ports, and says what was lost, what came twice and how long it
 * took.
 *
 *   receive FILE FIRST_PORT N SAMPLE
 *
 * The ports are FIRST_PORT, FIRST_PORT + 2 and so on. "begin TIMESTAMP COUNT STREAMS" on standard
 * input opens a window whose slot i has the RTP timestamp TIMESTAMP + 160 i and belongs to stream
 * i mod STREAMS; "end" closes it and answers
 *
 *   received R duplicates D strays S silent Z dropped O nanos T p50 A p99 B p999 C max M
 *
 * R counts every packet once for each port. S are datagrams of no window (announcements, RTCP). Z
 * times a port received nothing of a stream. O were dropped by the kernel before this program read them, which is no
 * fault of the relay. T is the time from the first to the last. Times of packets are from the
 * sender's system call to the kernel's receive timestamp, in nanoseconds. The first packets of the
 * first port and the last datagram that begins a MIKEY message are written to SAMPLE, each behind
 * its length in four octets of this machine's order. */
#define _GNU_SOURCE
#include "window.h"

#include <arpa/inet.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { BATCH = 64, OCTETS = 2048, SAMPLES = 64, CONTROL = 64, SUB = 64, BUCKETS = 64 * SUB };

static struct slot *window;
static uint32_t slots, first_timestamp, count, streams;
static int ports, *fds, open_window;
static uint64_t *seen, received, duplicates, strays, histogram[BUCKETS];
static int64_t first_nanos, last_nanos, longest;
static uint8_t *heard; /* of each port, of each stream */
static uint32_t dropped_before;
static uint8_t sample[SAMPLES][OCTETS], mikey[OCTETS];
static uint32_t sample_octets[SAMPLES], mikey_octets;
static int samples;

static uint8_t data[BATCH][OCTETS], control[BATCH][CONTROL];
static struct mmsghdr messages[BATCH];
static struct iovec vectors[BATCH];

/* 64 buckets to each power of two: exact to 1.6 percent. */
static int bucket(int64_t nanos) {
  if (nanos < SUB) return nanos < 0 ? 0 : (int)nanos;
  int shift = 58 - __builtin_clzll(nanos) - 1;
  return (shift + 1) * SUB + (int)(nanos >> shift) - SUB;
}

static int64_t bucket_nanos(int b) {
  if (b < SUB) return b;
  return (int64_t)(b % SUB + SUB) << (b / SUB - 1);
}

static int64_t quantile(double q) {
  uint64_t wanted = (uint64_t)(q * received), sum = 0;
  for (int b = 0; b < BUCKETS; b++) {
    sum += histogram[b];
    if (sum > wanted) return bucket_nanos(b);
  }
  return longest;
}

static uint32_t dropped(void) {
  uint32_t sum = 0, info[SK_MEMINFO_VARS];
  for (int i = 0; i < ports; i++) {
    socklen_t length = sizeof info;
    if (getsockopt(fds[i], SOL_SOCKET, SO_MEMINFO, info, &length) == 0) sum += info[SK_MEMINFO_DROPS];
  }
  return sum;
}

static int64_t arrival(struct msghdr *m) {
  for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec t;
      memcpy(&t, CMSG_DATA(c), sizeof t);
      return t.tv_sec * 1000000000LL + t.tv_nsec;
    }
  }
  return now(CLOCK_REALTIME);
}

static void take(int port, uint8_t *p, uint32_t octets, int64_t at) {
  if (octets && p[0] == 1) {
    memcpy(mikey, p, octets);
    mikey_octets = octets;
  }
  uint32_t timestamp, number;
  int rtp = octets > 12 && (p[0] & 0xc0) == 0x80 && (p[1] < 192 || p[1] > 223);
  memcpy(&timestamp, p + 4, 4);
  number = (ntohl(timestamp) - first_timestamp) / TICKS;
  if (!rtp || !open_window || number >= count) {
    strays++;
    return;
  }
  uint64_t bit = (uint64_t)port * count + number;
  if (seen[bit / 64] >> (bit % 64) & 1) {
    duplicates++;
    return;
  }
  seen[bit / 64] |= 1ULL << (bit % 64);
  int64_t nanos = at - window[number].sent_nanos;
  histogram[bucket(nanos)]++;
  if (nanos > longest) longest = nanos;
  if (received++ == 0) first_nanos = at;
  last_nanos = at;
  heard[(uint64_t)port * streams + number % streams] = 1;
  if (port == 0 && samples < SAMPLES) {
    memcpy(sample[samples], p, octets);
    sample_octets[samples++] = octets;
  }
}

static int drain(int port) {
  int sum = 0, got;
  do {
    for (int i = 0; i < BATCH; i++) messages[i].msg_hdr.msg_controllen = CONTROL;
    got = recvmmsg(fds[port], messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++)
      take(port, data[i], messages[i].msg_len, arrival(&messages[i].msg_hdr));
    sum += got > 0 ? got : 0;
  } while (got == BATCH);
  return sum;
}

static void begin(uint32_t timestamp, uint32_t n, uint32_t of) {
  for (int i = 0; i < ports; i++) drain(i);
  first_timestamp = timestamp;
  count = n > slots ? slots : n;
  streams = of;
  free(seen);
  free(heard);
  seen = calloc((uint64_t)ports * count / 64 + 1, 8);
  heard = calloc((uint64_t)ports * streams, 1);
  if (!seen || !heard) fail("calloc");
  memset(histogram, 0, sizeof histogram);
  received = duplicates = strays = 0;
  longest = first_nanos = last_nanos = 0;
  samples = 0;
  dropped_before = dropped();
  open_window = 1;
  printf("begun\n");
}

static void put(FILE *f, const uint8_t *octets, uint32_t length) {
  fwrite(&length, 4, 1, f);
  fwrite(octets, length, 1, f);
}

static void end(const char *file) {
  int silent = 0;
  for (int i = 0; i < ports; i++) drain(i);
  for (uint64_t i = 0; heard && i < (uint64_t)ports * streams; i++) silent += !heard[i];
  FILE *f = fopen(file, "w");
  if (!f) fail(file);
  for (int i = 0; i < samples; i++) put(f, sample[i], sample_octets[i]);
  if (mikey_octets) put(f, mikey, mikey_octets);
  fclose(f);
  open_window = 0;
  printf("received %llu duplicates %llu strays %llu silent %d dropped %u nanos %lld p50 %lld p99 %lld p999 %lld max %lld\n",
         (unsigned long long)received, (unsigned long long)duplicates, (unsigned long long)strays,
         silent, dropped() - dropped_before, (long long)(last_nanos - first_nanos),
         (long long)quantile(0.5), (long long)quantile(0.99), (long long)quantile(0.999),
         (long long)longest);
}

static int bound(uint16_t port) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1, octets = 16 << 20;
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) < 0) fail("bind");
  setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets) < 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  window = window_map(argv[1], &slots);
  ports = atoi(argv[3]);
  fds = calloc(ports, sizeof *fds);
  int poll = epoll_create1(0);
  struct epoll_event events[BATCH], e = {.events = EPOLLIN};
  for (int i = 0; i < ports; i++) {
    fds[i] = bound(atoi(argv[2]) + 2 * i);
    e.data.u32 = i;
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fds[i], &e) < 0) fail("epoll");
  }
  e.data.u32 = ports; /* standard input */
  if (epoll_ctl(poll, EPOLL_CTL_ADD, 0, &e) < 0) fail("epoll of standard input");
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){data[i], OCTETS};
    messages[i].msg_hdr.msg_iov = &vectors[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_control = control[i];
  }
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    int n = epoll_wait(poll, events, BATCH, -1);
    for (int i = 0; i < n; i++) {
      if (events[i].data.u32 < (uint32_t)ports) {
        drain(events[i].data.u32);
        continue;
      }
      char line[128];
      unsigned timestamp, packets, of;
      ssize_t got = read(0, line, sizeof line - 1);
      if (got <= 0) return 0;
      line[got] = 0;
      if (sscanf(line, "begin %u %u %u", &timestamp, &packets, &of) == 3 && of > 0)
        begin(timestamp, packets, of);
      else
        end(argv[4]);
      fflush(stdout);
    }
  }
}

/* The file that sender, receiver and the benchmark share: one slot for each packet of a window. */
#ifndef WINDOW_H
#define WINDOW_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SLOT_OCTETS = 256, PACKET_OCTETS = SLOT_OCTETS - 16, TICKS = 160 };

struct slot {
  uint32_t octets;
  uint32_t to; /* IPv4 address, this machine's order; 0 for 127.0.0.1 */
  int64_t sent_nanos; /* CLOCK_REALTIME, right before the system call */
  uint8_t packet[PACKET_OCTETS];
};

static inline int64_t now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static inline void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Maps the whole file and tells how many slots it has. */
static inline struct slot *window_map(const char *file, uint32_t *slots) {
  int fd = open(file, O_RDWR);
  struct stat size;
  if (fd < 0 || fstat(fd, &size) < 0) fail(file);
  struct slot *w =
      mmap(NULL, size.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
  if (w == MAP_FAILED) fail("mmap");
  close(fd);
  *slots = size.st_size / SLOT_OCTETS;
  return w;
}

#endif

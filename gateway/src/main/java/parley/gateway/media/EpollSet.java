package parley.gateway.media;

import static java.util.Objects.requireNonNull;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Batch ports of one loop behind a single descriptor, an epoll(7) of their own in the loop's: they
/// wake the loop together, or are asked together while the set is parked.
///
/// Errors are told in any case, and of a parked set when it is asked. Confined to the loop; nothing
/// is allocated for an event.
final class EpollSet implements EpollIoHandle {
  private static final Logger LOG = LoggerFactory.getLogger(EpollSet.class);

  private final BatchLoop loop;
  private final Runnable ready;
  private final EpollEvents events = new EpollEvents();
  private @Nullable BatchPort[] ports = new @Nullable BatchPort[64]; // by descriptor
  private @Nullable FileDescriptor epoll;
  private @Nullable IoRegistration registration;
  private long packets;
  private boolean isClosed;

  /// @param ready called when a port has something, to ask with [#ask]
  EpollSet(BatchLoop loop, Runnable ready) {
    this.loop = loop;
    this.ready = ready;
  }

  /// Watches this port from now on.
  ///
  /// @param listens for packets also, not for errors alone
  void add(BatchPort port, int fd, boolean listens) throws IOException {
    open();
    if (fd >= ports.length) {
      ports = Arrays.copyOf(ports, Math.max(fd + 1, 2 * ports.length));
    }
    loop.calls().watch(number(), fd, listens ? EpollEvents.IN : 0);
    ports[fd] = port;
  }

  /// Watches a port for packets, which was watched for errors.
  void listen(int fd) throws IOException {
    loop.calls().watchFor(number(), fd, EpollEvents.IN);
  }

  /// Forgets a port, before its descriptor is closed: epoll watches the socket, and would not let
  /// go of it while another descriptor of it is open.
  void remove(int fd) {
    if (isClosed || fd >= ports.length || ports[fd] == null) {
      return;
    }
    ports[fd] = null;
    try {
      loop.calls().forget(number(), fd);
    } catch (IOException e) {
      LOG.warn("a media socket is watched still after its end: {}", e.getMessage());
    }
  }

  /// Lets every port that has packets stand in the loop's queue.
  ///
  /// @return how many have
  int ask() {
    int told = isClosed ? 0 : loop.calls().poll(number(), events);
    int listeners = 0;
    for (int i = 0; i < told; i++) {
      BatchPort port = ports[events.fd(i)];
      if (port == null) {
        continue;
      }
      if ((events.events(i) & EpollEvents.ERROR) != 0) {
        port.takeErrors();
      }
      if ((events.events(i) & EpollEvents.IN) != 0) {
        loop.enqueue(port);
        listeners++;
      }
    }
    return listeners;
  }

  /// Wakes the loop no more.
  void park() {
    submit(EpollIoOps.EPOLLET); // edge-triggered for nothing
  }

  /// Wakes the loop again, and at once if a port has something.
  void unpark() {
    submit(EpollIoOps.EPOLLIN);
  }

  private void submit(EpollIoOps ops) {
    IoRegistration in = registration;
    if (in != null && in.isValid()) {
      in.submit(ops);
    }
  }

  /// A port of this set has read so many packets.
  void came(int more) {
    packets += more;
  }

  /// Packets that have come since this was asked last.
  long takePackets() {
    long came = packets;
    packets = 0;
    return came;
  }

  private void open() throws IOException {
    if (isClosed) {
      throw new IOException("the loop of this socket has ended");
    }
    if (epoll != null) {
      return;
    }
    FileDescriptor made = new FileDescriptor(loop.calls().epoll());
    epoll = made;
    try {
      registration = BatchLoop.registered(loop.eventLoop(), this);
      unpark();
    } catch (IOException e) {
      epoll = null;
      made.close();
      throw e;
    }
  }

  private int number() {
    return fd().intValue();
  }

  @Override
  public FileDescriptor fd() {
    return requireNonNull(epoll, "the set has no descriptor");
  }

  @Override
  public void handle(IoRegistration by, IoEvent event) {
    ready.run();
  }

  /// By a transport or a loop that ends: its ports end with it.
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    for (BatchPort port : ports) {
      if (port != null) {
        port.close();
      }
    }
    BatchLoop.release(registration, epoll);
  }
}

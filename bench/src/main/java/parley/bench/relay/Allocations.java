package parley.bench.relay;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import java.util.List;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// What the threads that packets pass in another JVM, the gateway's event loops and its recorder,
/// have allocated on its heap, in octets, as that JVM counts it. They live as long as the gateway.
public final class Allocations implements AutoCloseable {
  private static final List<String> OF_PACKETS = List.of("media-", "recorder");

  private final JMXConnector connector;
  private final ThreadMXBean threads;
  private final MemoryMXBean memory;

  private Allocations(JMXConnector connector, ThreadMXBean threads, MemoryMXBean memory) {
    this.connector = connector;
    this.threads = threads;
    this.memory = memory;
  }

  @SuppressWarnings("BanJNDI") // a child of this process, over a local connection
  public static Allocations of(long pid) throws IOException, AttachNotSupportedException {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
    try {
      JMXConnector connector =
          JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
      return new Allocations(
          connector,
          ManagementFactory.newPlatformMXBeanProxy(
              connector.getMBeanServerConnection(),
              ManagementFactory.THREAD_MXBEAN_NAME,
              ThreadMXBean.class),
          ManagementFactory.newPlatformMXBeanProxy(
              connector.getMBeanServerConnection(),
              ManagementFactory.MEMORY_MXBEAN_NAME,
              MemoryMXBean.class));
    } finally {
      machine.detach();
    }
  }

  long octets() {
    long[] ids = threads.getAllThreadIds();
    long[] allocated = threads.getThreadAllocatedBytes(ids);
    ThreadInfo[] infos = threads.getThreadInfo(ids);
    long sum = 0;
    for (int i = 0; i < ids.length; i++) {
      if (allocated[i] > 0 && infos[i] != null && isCounted(infos[i].getThreadName())) {
        sum += allocated[i];
      }
    }
    return sum;
  }

  /// What its heap holds after a collection of all of it.
  public long heapAfterCollection() {
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  private static boolean isCounted(String thread) {
    return OF_PACKETS.stream().anyMatch(thread::startsWith);
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}

package parley.bench.load;

import parley.srtp.PacketBatch;

/// Protected packets that wait for their time: a heap by due time over slots of one memory.
///
/// Confined to the sender's thread; allocates nothing after construction. A slot that was taken out
/// keeps its octets until [#release].
final class DelayLine {
  private final PacketBatch memory;
  private final LoadTalker[] talkers;
  private final long[] numbers;
  private final int[] copies;
  private final long[] due;
  private final int[] heap;
  private final int[] free;
  private final int[] taken;
  private int waiting;
  private int freeSlots;
  private int takenSlots;

  DelayLine(int capacity, int slotOctets) {
    memory = PacketBatch.allocate(capacity, slotOctets);
    talkers = new LoadTalker[capacity];
    numbers = new long[capacity];
    copies = new int[capacity];
    due = new long[capacity];
    heap = new int[capacity];
    free = new int[capacity];
    taken = new int[capacity];
    for (int slot = 0; slot < capacity; slot++) {
      free[freeSlots++] = slot;
    }
  }

  boolean isFull() {
    return freeSlots == 0;
  }

  boolean isEmpty() {
    return waiting == 0;
  }

  /// Keeps a copy of the packet until `dueNanos`.
  void add(
      PacketBatch from, int fromSlot, LoadTalker talker, long number, int sends, long dueNanos) {
    int slot = free[--freeSlots];
    from.copy(fromSlot, memory, slot);
    talkers[slot] = talker;
    numbers[slot] = number;
    copies[slot] = sends;
    due[slot] = dueNanos;
    int at = waiting++;
    while (at > 0 && due[heap[(at - 1) / 2]] > dueNanos) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = slot;
  }

  /// When the first is due; `Long.MAX_VALUE` where none waits.
  long firstDueNanos() {
    return waiting == 0 ? Long.MAX_VALUE : due[heap[0]];
  }

  /// Takes the first out and returns its slot.
  int take() {
    int first = heap[0];
    int last = heap[--waiting];
    int at = 0;
    for (int child = 1; child < waiting; child = 2 * at + 1) {
      if (child + 1 < waiting && due[heap[child + 1]] < due[heap[child]]) {
        child++;
      }
      if (due[heap[child]] >= due[last]) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    taken[takenSlots++] = first;
    return first;
  }

  /// What was taken has been sent.
  void release() {
    while (takenSlots > 0) {
      free[freeSlots++] = taken[--takenSlots];
    }
  }

  PacketBatch memory() {
    return memory;
  }

  LoadTalker talker(int slot) {
    return talkers[slot];
  }

  long number(int slot) {
    return numbers[slot];
  }

  int copies(int slot) {
    return copies[slot];
  }

  long dueNanos(int slot) {
    return due[slot];
  }
}

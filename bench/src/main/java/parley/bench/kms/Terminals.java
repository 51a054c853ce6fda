package parley.bench.kms;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.client.Provision;
import parley.keys.kms.message.TransportKeys;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;

/// Users that ask for their keys again and again, each under the transport keys of the answer
/// before, as a renewal does. Every answer is verified and opened; the pairing that a UE also
/// checks is its own affair.
final class Terminals implements AutoCloseable {
  private final KmsHost kms;
  private final ExecutorService threads;
  private final List<List<Terminal>> shares = new ArrayList<>();

  /// What a window brought; latencies of all requests, in nanoseconds, sorted.
  static final class Work {
    private final long keySets;
    private final double seconds;
    private final long[] latencies;

    Work(long keySets, double seconds, long[] latencies) {
      this.keySets = keySets;
      this.seconds = seconds;
      this.latencies = latencies;
    }

    long keySets() {
      return keySets;
    }

    double perSecond() {
      return keySets / seconds;
    }

    /// So many percent of the requests took no longer.
    double millis(int percent) {
      return latencies[(int) ((latencies.length - 1L) * percent / 100)] / 1e6;
    }
  }

  private static final class Terminal {
    final Identity who;
    TransportKeys keys;

    Terminal(Identity who, TransportKeys keys) {
      this.who = who;
      this.keys = keys;
    }
  }

  private final KmsCertificate certificate;

  private Terminals(KmsHost kms, KmsCertificate certificate, int connections) {
    this.kms = kms;
    this.certificate = certificate;
    this.threads = Executors.newFixedThreadPool(connections);
  }

  /// Enrols `users` by their tickets; `connections` ask at once from then on.
  static Terminals enrol(KmsHost kms, int users, int connections)
      throws KmsRefusal, IOException, InterruptedException {
    Terminals terminals = null;
    for (int n = 0; n < users; n++) {
      Identity who = KmsHost.user(n);
      try (TransportKeys first = kms.ticket(n).transportKeys();
          KeyProvisioning client =
              KeyProvisioning.over(
                  kms.tls(),
                  Map.of("Authorization", "Bearer " + kms.ticket(n).bearer()),
                  Asker.of(kms.address(), who, KmsHost.DEVICE, first),
                  InstantSource.system())) {
        if (terminals == null) {
          terminals = new Terminals(kms, client.certificate(), connections);
          for (int i = 0; i < connections; i++) {
            terminals.shares.add(new ArrayList<>());
          }
        }
        try (Provision provision = client.keys(who, terminals.certificate)) {
          TransportKeys next = provision.newTransportKeys();
          terminals
              .shares
              .get(n % connections)
              .add(new Terminal(who, (next == null ? first : next).duplicate()));
        }
      }
    }
    if (terminals == null) {
      throw new IllegalArgumentException("no users");
    }
    return terminals;
  }

  /// Asks for so long, on connections that are kept or new for each request.
  Work ask(double seconds, boolean isKept) throws Exception {
    long began = System.nanoTime();
    long end = began + (long) (seconds * 1e9);
    List<Callable<Share>> work = new ArrayList<>();
    for (List<Terminal> share : shares) {
      work.add(() -> ask(share, end, isKept));
    }
    long keySets = 0;
    long[] latencies = {};
    for (Future<Share> done : threads.invokeAll(work)) {
      Share share = done.get();
      keySets += share.keySets;
      int before = latencies.length;
      latencies = Arrays.copyOf(latencies, before + share.latencies.length);
      System.arraycopy(share.latencies, 0, latencies, before, share.latencies.length);
    }
    Arrays.sort(latencies);
    return new Work(keySets, (System.nanoTime() - began) / 1e9, latencies);
  }

  private static final class Share {
    final long keySets;
    final long[] latencies;

    Share(long keySets, long[] latencies) {
      this.keySets = keySets;
      this.latencies = latencies;
    }
  }

  private Share ask(List<Terminal> share, long end, boolean isKept) throws Exception {
    long keySets = 0;
    long[] latencies = new long[1024];
    int requests = 0;
    try (Line line = new Line(kms::tls, isKept)) {
      while (System.nanoTime() < end) {
        Terminal terminal = share.get(requests % share.size());
        long asked = System.nanoTime();
        keySets += ask(terminal, line);
        if (requests == latencies.length) {
          latencies = Arrays.copyOf(latencies, 2 * requests);
        }
        latencies[requests++] = System.nanoTime() - asked;
      }
    }
    return new Share(keySets, Arrays.copyOf(latencies, requests));
  }

  private int ask(Terminal terminal, Line line) throws Exception {
    Asker asker = Asker.of(kms.address(), terminal.who, KmsHost.DEVICE, terminal.keys);
    try (KeyProvisioning client = KeyProvisioning.over(line, asker, Instant::now);
        Provision provision = client.keys(terminal.who, certificate)) {
      TransportKeys next = provision.newTransportKeys();
      if (next != null) {
        terminal.keys.close();
        terminal.keys = next.duplicate();
      }
      return provision.keys().size();
    }
  }

  @Override
  public void close() {
    threads.close();
    shares.forEach(share -> share.forEach(terminal -> terminal.keys.close()));
  }
}

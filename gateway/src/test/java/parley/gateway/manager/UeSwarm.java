package parley.gateway.manager;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.Registration;
import parley.mikey.group.RegistrationVerb;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;

/// A KMS, a group's manager's vault, and many UEs at one UDP address: each has keys of its own,
/// registers, accepts what is for it, and answers with the receipt.
final class UeSwarm implements AutoCloseable {
  static final Identity GROUP = new Identity("sip:fire-ops@example.org");
  private static final String KMS_URI = "kms.example.org";

  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final Path folder;
  private final Identity group;
  private final Path keyFile;
  private final Vault vault;
  private final Map<Identity, Member> members = new LinkedHashMap<>();
  private final Map<Identity, List<Integer>> accepted = new LinkedHashMap<>();
  private final DatagramSocket socket;
  private final Thread thread;
  private final AtomicInteger count = new AtomicInteger();
  private volatile IntConsumer afterEach = _ -> {};
  private volatile boolean deaf;

  /// Makes everything in `folder`: `manager.vault` with the group's keys, `key`, and the UEs.
  UeSwarm(Path folder, int ues) throws Exception {
    this(folder, ues, GROUP);
  }

  /// The same for another group.
  UeSwarm(Path folder, int ues, Identity group) throws Exception {
    this.folder = folder;
    this.group = group;
    keyFile = folder.resolve("key");
    byte[] key = new byte[32];
    random.nextBytes(key);
    Files.write(keyFile, key);
    vault = Vault.create(folder.resolve("ues.vault"), VaultKey.keyFile(keyFile));
    try (Vault kmsVault = Vault.create(folder.resolve("kms.vault"), VaultKey.keyFile(keyFile));
        Vault managers = Vault.create(folder.resolve("manager.vault"), VaultKey.keyFile(keyFile))) {
      KmsIssuer kms = KmsIssuer.create(KmsSettings.monthly(KMS_URI), kmsVault, random);
      enrol(kms, managers, group);
      for (int i = 0; i < ues; i++) {
        var ue = new Identity("sip:ue%04d@example.org".formatted(i));
        enrol(kms, vault, ue);
        Member member = Member.open(vault, ue, clock);
        member.joinGroup(GroupMembership.of(group, KMS_URI));
        members.put(ue, member);
        accepted.put(ue, new ArrayList<>());
      }
    }
    writeMembers(members.keySet());
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setReceiveBufferSize(4 << 20);
    thread = Thread.ofPlatform().daemon().name("ue-swarm").start(this::hear);
  }

  private void enrol(KmsIssuer kms, Vault into, Identity who) throws Exception {
    KeyPeriod period = kms.certificate().periodAt(clock.instant());
    for (KeyPeriod one : List.of(period, kms.certificate().next(period))) {
      try (MemberKeys keys = kms.issue(who, one, "device", clock.instant())) {
        Member.install(into, kms.certificate(), keys);
      }
    }
  }

  /// The members file has these from now on.
  void writeMembers(Iterable<Identity> ues) throws IOException {
    var yaml = new StringBuilder("members:\n");
    for (Identity ue : ues) {
      yaml.append("  - {identity: '").append(ue).append("', may: [talk, listen]}\n");
    }
    Files.writeString(folder.resolve("members.yaml"), yaml);
  }

  /// The manager's configuration, written.
  Path config(int port) throws IOException {
    return Files.writeString(
        folder.resolve("manager.yaml"),
        """
        vault: {file: manager.vault, key-file: key}
        listen: 127.0.0.1:%d
        groups:
          - id: %s
            members: members.yaml
            gmk: on-demand
            pace: {per-second: 500, first: 300ms, longest: 1s}
        """
            .formatted(port, group));
  }

  /// Where they hear MIKEY.
  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  List<Identity> ues() {
    return List.copyOf(members.keySet());
  }

  Member member(Identity ue) {
    return Optional.ofNullable(members.get(ue)).orElseThrow();
  }

  /// The GMK-IDs that this UE accepted, each as often as it did.
  List<Integer> accepted(Identity ue) {
    synchronized (accepted) {
      return List.copyOf(accepted.getOrDefault(ue, List.of()));
    }
  }

  /// Called after each acceptance of any UE with their number so far.
  void afterEach(IntConsumer action) {
    afterEach = action;
  }

  /// Loses everything that comes, as long as this is so.
  void deaf(boolean isDeaf) {
    deaf = isDeaf;
  }

  /// Every UE says where it is.
  void register(InetSocketAddress manager) throws Exception {
    for (Identity ue : ues()) {
      register(ue, manager);
    }
  }

  void register(Identity ue, InetSocketAddress manager) throws Exception {
    NtpTimestamp t = NtpTimestamp.of(clock.instant());
    byte[] octets =
        Registration.prepare(ue, group, KMS_URI, random)
            .seal(RegistrationVerb.REGISTER, address(), t, member(ue).signer(t), random);
    socket.send(new DatagramPacket(octets, octets.length, manager));
  }

  private void hear() {
    var packet = new DatagramPacket(new byte[4096], 4096);
    while (!socket.isClosed()) {
      try {
        packet.setLength(4096);
        socket.receive(packet);
        if (!deaf) {
          take(Arrays.copyOf(packet.getData(), packet.getLength()), packet);
        }
      } catch (IOException _) {
        // closed
      }
    }
  }

  private void take(byte[] octets, DatagramPacket from) throws IOException {
    Member member = addressee(octets);
    if (member == null) {
      return;
    }
    switch (member.accept(octets)) {
      case GmkAcceptance.Accepted a -> {
        synchronized (accepted) {
          accepted.computeIfAbsent(member.identity(), _ -> new ArrayList<>()).add(a.gmk().gmkId());
        }
        afterEach.accept(count.incrementAndGet());
        answer(a.receipt(), from);
      }
      case GmkAcceptance.Repeated r -> answer(r.receipt(), from);
      case GmkAcceptance.Invited i -> throw new AssertionError(i.toString());
      case GmkAcceptance.Refused r -> throw new AssertionError(r.toString());
    }
  }

  private @Nullable Member addressee(byte[] octets) {
    try {
      return members.get(UnverifiedGmkDistribution.read(octets).responder());
    } catch (MalformedMessage _) {
      return null; // the answer to a registration
    }
  }

  private void answer(byte[] receipt, DatagramPacket to) throws IOException {
    socket.send(new DatagramPacket(receipt, receipt.length, to.getSocketAddress()));
  }

  /// Under which GMK this UE would speak now.
  int currentGmk(Identity ue) {
    return member(ue).sendingGmk(group).map(GroupMasterKey::gmkId).orElseThrow();
  }

  @Override
  public void close() {
    socket.close();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    members.values().forEach(Member::close);
    vault.close();
  }
}

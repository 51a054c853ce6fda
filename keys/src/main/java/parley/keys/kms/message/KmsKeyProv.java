package parley.keys.kms.message;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretBytes;

/// What a client is given at key provision (TS 33.180, D.3.3): key sets, new transport keys, and in
/// elements of our own the groups it belongs to and the GMK messages that wait for it.
///
/// Closes its key sets.
public final class KmsKeyProv implements AutoCloseable {
  private static final String NAME = "KmsKeyProv";
  private static final int MOST_SETS = 64;
  private static final int MOST_GROUPS = 512;
  private static final int MOST_MESSAGES = 64;
  private static final int MOST_MESSAGE_BASE64 = 8192;

  private final List<KeySet> keySets;
  private final @Nullable WrappedKey newTrk;
  private final @Nullable WrappedKey newInk;
  private final List<GroupEntry> groups;
  private final List<byte[]> gmkMessages;

  private KmsKeyProv(
      List<KeySet> keySets,
      @Nullable WrappedKey newTrk,
      @Nullable WrappedKey newInk,
      List<GroupEntry> groups,
      List<byte[]> gmkMessages) {
    this.keySets = List.copyOf(keySets);
    this.newTrk = newTrk;
    this.newInk = newInk;
    this.groups = List.copyOf(groups);
    this.gmkMessages = gmkMessages.stream().map(byte[]::clone).toList();
  }

  /// Takes over the key sets.
  public static KmsKeyProv of(
      List<KeySet> keySets, List<GroupEntry> groups, List<byte[]> gmkMessages) {
    return new KmsKeyProv(keySets, null, null, groups, gmkMessages);
  }

  /// The same, and `next` as the client's transport keys from now on, wrapped under `present`.
  public KmsKeyProv replacing(TransportKeys present, TransportKeys next) {
    WrappedKey trk = present.wrap(next.trk()).carrying(next.trkId());
    WrappedKey ink = next.hasInk() ? present.wrap(next.ink()).carrying(next.signatureId()) : null;
    return new KmsKeyProv(keySets, trk, ink, groups, gmkMessages);
  }

  public List<KeySet> keySets() {
    return keySets;
  }

  public List<GroupEntry> groups() {
    return groups;
  }

  /// Whole I_MESSAGEs, as a manager sealed them.
  public List<byte[]> gmkMessages() {
    return gmkMessages.stream().map(byte[]::clone).toList();
  }

  /// The transport keys that replace `present`, which the caller closes; null where these stay.
  public @Nullable TransportKeys newKeys(TransportKeys present) throws WrongTransportKey {
    if (newTrk == null || newTrk.carriedName() == null) {
      return null;
    }
    SecretBytes trk = newTrk.open(present, "new TrK");
    try {
      if (newInk == null || newInk.carriedName() == null) {
        return TransportKeys.of(newTrk.carriedName(), trk);
      }
      SecretBytes ink = newInk.open(present, "new InK");
      return TransportKeys.of(newTrk.carriedName(), trk, newInk.carriedName(), ink);
    } catch (IllegalArgumentException e) {
      trk.close();
      throw new WrongTransportKey("a new transport key is none: " + e.getMessage());
    } catch (WrongTransportKey e) {
      trk.close();
      throw e;
    }
  }

  static boolean isNext(XmlCursor in) throws MalformedKmsMessage {
    return in.isAt(Names.KMS, NAME);
  }

  static KmsKeyProv read(XmlCursor in) throws MalformedKmsMessage {
    in.enter(Names.KMS, NAME);
    new Fields(in).version(Names.ANSWER_VERSION);
    var _ =
        in.attribute("xsi:type"); // the standard's extension types say no more than the elements
    in.noMoreAttributes();
    List<KeySet> keySets = new ArrayList<>();
    while (KeySet.isNext(in)) {
      keySets.add(KeySet.read(in));
      requireAtMost(in, keySets.size(), MOST_SETS);
    }
    WrappedKey newTrk = readNew(in, "NewTransportKey");
    WrappedKey newInk = readNew(in, "NewIntegrityKey");
    in.reading(Names.KEY_SET_CLAUSE);
    Set<String> known = Set.of(Names.KMS, Names.PARLEY);
    in.skipForeign(known);
    List<GroupEntry> groups = readGroups(in);
    in.skipForeign(known);
    List<byte[]> messages = readMessages(in);
    in.skipForeign(known);
    in.leave();
    return new KmsKeyProv(keySets, newTrk, newInk, groups, messages);
  }

  private static @Nullable WrappedKey readNew(XmlCursor in, String name)
      throws MalformedKmsMessage {
    if (!in.isAt(Names.KMS, name)) {
      return null;
    }
    in.enter(Names.KMS, name);
    var _ = in.attribute("xsi:type");
    in.noMoreAttributes();
    WrappedKey key = WrappedKey.read(in);
    if (key.carriedName() == null) {
      throw in.refused("<" + name + "> does not say which key it carries");
    }
    in.leave();
    return key;
  }

  private static List<GroupEntry> readGroups(XmlCursor in) throws MalformedKmsMessage {
    List<GroupEntry> groups = new ArrayList<>();
    if (in.isAt(Names.PARLEY, "GroupList")) {
      in.enter(Names.PARLEY, "GroupList");
      in.noMoreAttributes();
      while (in.isAt(Names.PARLEY, "Group")) {
        groups.add(GroupEntry.read(in));
        requireAtMost(in, groups.size(), MOST_GROUPS);
      }
      in.leave();
    }
    return groups;
  }

  private static List<byte[]> readMessages(XmlCursor in) throws MalformedKmsMessage {
    List<byte[]> messages = new ArrayList<>();
    if (in.isAt(Names.PARLEY, "GmkMessages")) {
      in.enter(Names.PARLEY, "GmkMessages");
      in.noMoreAttributes();
      while (in.isAt(Names.PARLEY, "Message")) {
        String text = in.text(Names.PARLEY, "Message", MOST_MESSAGE_BASE64);
        messages.add(new Fields(in).base64(text, "Message"));
        requireAtMost(in, messages.size(), MOST_MESSAGES);
      }
      in.leave();
    }
    return messages;
  }

  private static void requireAtMost(XmlCursor in, int count, int most) throws MalformedKmsMessage {
    if (count > most) {
      throw in.refused("more than " + most + " of one kind");
    }
  }

  void write(XmlWriter out) {
    out.open(Names.KMS, NAME, "Version", Names.ANSWER_VERSION);
    keySets.forEach(set -> set.write(out));
    if (newTrk != null) {
      KeySet.writeKey(out, "NewTransportKey", newTrk);
    }
    if (newInk != null) {
      KeySet.writeKey(out, "NewIntegrityKey", newInk);
    }
    if (!groups.isEmpty()) {
      out.open(Names.PARLEY, "GroupList");
      groups.forEach(group -> group.write(out));
      out.close("GroupList");
    }
    if (!gmkMessages.isEmpty()) {
      out.open(Names.PARLEY, "GmkMessages");
      Base64.Encoder base64 = Base64.getEncoder();
      gmkMessages.forEach(
          octets -> out.element(Names.PARLEY, "Message", base64.encodeToString(octets)));
      out.close("GmkMessages");
    }
    out.close(NAME);
  }

  @Override
  public void close() {
    keySets.forEach(KeySet::close);
  }

  @Override
  public String toString() {
    return "KmsKeyProv[%s, %d groups, %d GMK messages]"
        .formatted(keySets, groups.size(), gmkMessages.size());
  }
}

package parley.keys.vault;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretBytes;

/// Opened by some of the holders of shares together.
///
/// ```
/// needed 1 | number of holders 1 | per holder: octets of the name 1 | name | recipe 29 | sealed share 60
///     | recipe 29 | sealed data key 60
/// ```
///
/// A random secret is shared by [Shamir]; holder number x has the share of x, sealed under a
/// passphrase. The seal tells a wrong passphrase at once; the seal of the data key under the joined
/// secret proves the whole.
final class ShareUnlock extends Unlock {
  private static final int SECRET_OCTETS = 32;

  private final int needed;
  private final List<Holder> holders;
  private final KeyRecipe recipe;
  private final byte[] sealedDataKey;

  private ShareUnlock(
      UnlockName name, int needed, List<Holder> holders, KeyRecipe recipe, byte[] sealedDataKey) {
    super(name);
    this.needed = needed;
    this.holders = holders;
    this.recipe = recipe;
    this.sealedDataKey = sealedDataKey;
  }

  static ShareUnlock seal(ShareKeys keys, UnlockName name, SecretBytes dataKey, SecureRandom random)
      throws VaultException {
    List<SecretBytes> shares = List.of();
    try (SecretBytes secret = SecretBytes.random(SECRET_OCTETS, random, "vault shared secret")) {
      shares = Shamir.split(secret, keys.needed(), keys.size(), random);
      List<Holder> holders = new ArrayList<>();
      for (String holder : keys.names()) {
        int x = holders.size() + 1;
        SecretBytes share = shares.get(x - 1);
        holders.add(Holder.seal(keys.passphrase(holder), holder, x, share, name, random));
      }
      KeyRecipe recipe = KeyRecipe.fresh(UnlockKind.SHARES, random);
      try (SecretBytes keyEncryptionKey = recipe.keyEncryptionKey(secret)) {
        byte[] aad = aad(name, keys.needed(), keys.size(), recipe);
        byte[] sealed = AesGcm.seal(keyEncryptionKey, dataKey, aad, random);
        return new ShareUnlock(name, keys.needed(), holders, recipe, sealed);
      }
    } finally {
      shares.forEach(SecretBytes::close);
    }
  }

  private static byte[] aad(UnlockName name, int needed, int holders, KeyRecipe recipe) {
    var out = ByteBuffer.allocate(2 + KeyRecipe.OCTETS);
    out.put((byte) needed).put((byte) holders);
    recipe.write(out);
    return name.aad(out.array());
  }

  @Override
  String details() {
    return "any %d of %s"
        .formatted(needed, holders.stream().map(Holder::name).collect(Collectors.joining(", ")));
  }

  /// Empty when somebody came who holds no share of this set.
  @Override
  Optional<SecretBytes> dataKey(VaultKey key) throws VaultException {
    if (!(key instanceof ShareKeys brought) || !areOurs(brought.names())) {
      return Optional.empty();
    }
    if (brought.size() < needed) {
      throw new VaultException(
          "%d of the holders must come together, %d came; call in more of %s"
              .formatted(needed, brought.size(), details()));
    }
    Map<Integer, SecretBytes> shares = new HashMap<>();
    try {
      unsealShares(brought, shares);
      try (SecretBytes secret = Shamir.join(shares);
          SecretBytes keyEncryptionKey = recipe.keyEncryptionKey(secret)) {
        byte[] aad = aad(name(), needed, holders.size(), recipe);
        return AesGcm.open(keyEncryptionKey, sealedDataKey, aad, DATA_KEY);
      }
    } finally {
      shares.values().forEach(SecretBytes::close);
    }
  }

  int needed() {
    return needed;
  }

  /// @throws VaultException unless `holder` is one, and this is its passphrase
  void requireRight(String holder, PlainKey passphrase) throws VaultException {
    Holder found = find(holder);
    if (found == null) {
      throw new VaultException("%s holds no share; these do: %s".formatted(holder, details()));
    }
    found.share(passphrase, name()).close();
  }

  private boolean areOurs(Iterable<String> names) {
    for (String name : names) {
      if (find(name) == null) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Holder find(String name) {
    return holders.stream().filter(holder -> holder.name.equals(name)).findFirst().orElse(null);
  }

  /// Of the first that are needed; who came besides is not asked.
  private void unsealShares(ShareKeys brought, Map<Integer, SecretBytes> shares)
      throws VaultException {
    for (String name : brought.names()) {
      Holder holder = find(name);
      if (holder != null && shares.size() < needed) {
        shares.put(holder.x, holder.share(brought.passphrase(name), name()));
      }
    }
  }

  @Override
  byte[] body() {
    int octets = 2 + holders.stream().mapToInt(Holder::octets).sum();
    var out = ByteBuffer.allocate(octets + KeyRecipe.OCTETS + SEALED_OCTETS);
    out.put((byte) needed).put((byte) holders.size());
    holders.forEach(holder -> holder.write(out));
    recipe.write(out);
    return out.put(sealedDataKey).array();
  }

  static ShareUnlock read(UnlockName name, ByteBuffer in) throws DamagedVault {
    int needed = in.get();
    int number = in.get();
    if (needed < 2 || needed > number || number > ShareKeys.MOST_HOLDERS) {
      throw new DamagedVault("its shares are not some of some");
    }
    List<Holder> holders = new ArrayList<>();
    for (int x = 1; x <= number; x++) {
      Holder holder = Holder.read(in, x);
      if (x > 1 && holder.name.compareTo(holders.getLast().name) <= 0) {
        throw new DamagedVault("the holders of its shares are not in order");
      }
      holders.add(holder);
    }
    return new ShareUnlock(
        name, needed, holders, KeyRecipe.read(UnlockKind.SHARES, in), sealed(in));
  }

  /// One holder with the sealed share.
  private static final class Holder {
    private final String name;
    private final int x;
    private final KeyRecipe recipe;
    private final byte[] sealedShare;

    Holder(String name, int x, KeyRecipe recipe, byte[] sealedShare) {
      this.name = name;
      this.x = x;
      this.recipe = recipe;
      this.sealedShare = sealedShare;
    }

    static Holder seal(
        PlainKey passphrase,
        String name,
        int x,
        SecretBytes share,
        UnlockName unlock,
        SecureRandom random)
        throws VaultException {
      KeyRecipe recipe = KeyRecipe.fresh(UnlockKind.PASSPHRASE, random);
      try (SecretBytes brought = passphrase.octets();
          SecretBytes keyEncryptionKey = recipe.keyEncryptionKey(brought)) {
        byte[] sealed = AesGcm.seal(keyEncryptionKey, share, aad(unlock, name, x, recipe), random);
        return new Holder(name, x, recipe, sealed);
      }
    }

    SecretBytes share(PlainKey passphrase, UnlockName unlock) throws VaultException {
      try (SecretBytes brought = passphrase.octets();
          SecretBytes keyEncryptionKey = recipe.keyEncryptionKey(brought)) {
        return AesGcm.open(
                keyEncryptionKey, sealedShare, aad(unlock, name, x, recipe), "vault share " + x)
            .orElseThrow(() ->
                new VaultException(
                    "wrong passphrase of the holder %s; nothing was changed, try the right one"
                        .formatted(name)));
      }
    }

    private static byte[] aad(UnlockName unlock, String name, int x, KeyRecipe recipe) {
      var out = ByteBuffer.allocate(1 + 256 + KeyRecipe.OCTETS);
      out.put((byte) x);
      UnlockName.writeText(out, name);
      recipe.write(out);
      byte[] octets = new byte[out.position()];
      out.flip().get(octets);
      return unlock.aad(octets);
    }

    String name() {
      return name;
    }

    int octets() {
      return 1
          + name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length
          + KeyRecipe.OCTETS
          + SEALED_OCTETS;
    }

    void write(ByteBuffer out) {
      UnlockName.writeText(out, name);
      recipe.write(out);
      out.put(sealedShare);
    }

    static Holder read(ByteBuffer in, int x) throws DamagedVault {
      String name = UnlockName.readText(in);
      return new Holder(name, x, KeyRecipe.read(UnlockKind.PASSPHRASE, in), sealed(in));
    }
  }
}

package parley.mikey.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import parley.mikey.prf.MikeyPrf;

/// Messages of the grammar, every kind of payload among them; the same for the same seed.
final class RandomMessages {
  private final Random random;

  RandomMessages(long seed) {
    random = new Random(seed);
  }

  MikeyMessage next() {
    var header =
        new Header(
            pick(DataType.values()),
            random.nextBoolean(),
            pick(MikeyPrf.values()),
            random.nextInt(),
            map());
    List<Payload> payloads = new ArrayList<>(choice());
    if (random.nextBoolean()) {
      payloads.add(new Payload.Sign(pick(SignatureType.values()), octets(random.nextInt(130))));
    }
    return new MikeyMessage(header, payloads);
  }

  private List<Payload> choice() {
    var all = new ArrayList<Payload>();
    EncryptionAlgorithm encryption = pick(EncryptionAlgorithm.values());
    MacAlgorithm mac = pick(MacAlgorithm.values());
    all.add(new Payload.Kemac(encryption, octets(25), mac, octets(mac.octets())));
    all.add(new Payload.Pke(random.nextInt(4), octets(random.nextInt(60))));
    all.add(new Payload.Dh(DhGroup.OAKLEY_1, octets(96), validity()));
    TimestampType t = pick(TimestampType.values());
    all.add(new Payload.Timestamp(t, octets(t.octets())));
    all.add(new Payload.Id(pick(IdType.values()), octets(random.nextInt(40))));
    all.add(new Payload.Cert(pick(CertType.values()), octets(random.nextInt(90))));
    HashFunction hash = pick(HashFunction.values());
    all.add(new Payload.CertHash(hash, octets(hash.octets())));
    all.add(new Payload.Verification(mac, octets(mac.octets())));
    all.add(policy());
    all.add(new Payload.Rand(octets(random.nextInt(256))));
    all.add(new Payload.ErrorReport(random.nextInt(256)));
    all.add(new Payload.Idr(pick(IdrRole.values()), pick(IdType.values()), octets(32)));
    all.add(new Payload.GeneralExtension(random.nextInt(256), octets(random.nextInt(80))));
    all.add(new Payload.Sakke(1, random.nextInt(256), octets(273)));
    all.removeIf(_ -> random.nextInt(3) == 0);
    Collections.shuffle(all, random);
    return all;
  }

  private Payload.SecurityPolicy policy() {
    var parameters =
        IntStream.range(0, random.nextInt(6))
            .mapToObj(_ ->
                new Payload.SecurityPolicy.Parameter(
                    random.nextInt(256), octets(random.nextInt(3))))
            .toList();
    return new Payload.SecurityPolicy(random.nextInt(256), random.nextInt(2), parameters);
  }

  private CsIdMap map() {
    int sessions = random.nextInt(5);
    return switch (random.nextInt(3)) {
      case 0 ->
          new CsIdMap.SrtpId(
              IntStream.range(0, sessions)
                  .mapToObj(i -> new CsIdMap.SrtpIdEntry(i, random.nextInt(), random.nextInt()))
                  .toList());
      case 1 -> new CsIdMap.Empty(sessions);
      default -> new CsIdMap.GenericId(IntStream.range(0, sessions).mapToObj(this::entry).toList());
    };
  }

  private CsIdMap.GenericIdEntry entry(int csId) {
    boolean hasIndex = random.nextBoolean();
    return new CsIdMap.GenericIdEntry(
        csId,
        CsIdMap.GenericIdEntry.SRTP,
        hasIndex,
        IntStream.range(0, random.nextInt(3)).boxed().toList(),
        octets(hasIndex ? 10 : 4 * random.nextInt(2)),
        octets(random.nextInt(9)));
  }

  KeyValidity validity() {
    return switch (random.nextInt(3)) {
      case 0 -> new KeyValidity.Unlimited();
      case 1 -> new KeyValidity.Spi(octets(random.nextInt(9)));
      default -> new KeyValidity.Interval(octets(6), octets(6));
    };
  }

  Octets octets(int length) {
    var octets = new byte[length];
    random.nextBytes(octets);
    return Octets.of(octets);
  }

  private <E> E pick(E[] values) {
    return Arrays.asList(values).get(random.nextInt(values.length));
  }
}

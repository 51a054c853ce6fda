package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.security.Security;
import org.junit.jupiter.api.Test;

class CipherEnginesTest {
  /// An engine of the installed providers with one thing done wrongly.
  private abstract static class FaultyEngine implements CipherEngine {
    private final CipherEngine engine = new JceEngine(null);

    @Override
    public String name() {
      return "faulty";
    }

    @Override
    public EngineKey key(SrtpProfile profile, byte[] encryptionKey, byte[] authenticationKey) {
      return engine.key(profile, encryptionKey, authenticationKey);
    }

    @Override
    public EngineKey streamKey(byte[] key) {
      return engine.streamKey(key);
    }

    @Override
    public void seal(CipherBatch descriptors) {
      engine.seal(descriptors);
    }

    @Override
    public void open(CipherBatch descriptors) {
      engine.open(descriptors);
    }
  }

  @Test
  void selectsByName() {
    assertThat(CipherEngines.select("jce").name()).isEqualTo("jce");
    assertThat(CipherEngines.select("jce:SunJCE").name()).isEqualTo("jce:SunJCE");
  }

  @Test
  void autoIsTheFastestAndSaysWhyAFasterOneIsNot() {
    CipherEngines.Selection chosen = CipherEngines.selection("auto");

    if (NativeLibrary.MISSING == null && NativeEngine.Tier.AESNI.isAvailable()) {
      assertThat(chosen.engine().name()).isEqualTo(NativeEngine.best().name());
      assertThat(chosen.passedOver()).isEmpty();
    } else if (OpenSslLibrary.MISSING == null) {
      assertThat(chosen.engine().name()).isEqualTo("openssl");
      assertThat(chosen.passedOver()).singleElement().asString().isNotBlank();
    } else {
      assertThat(chosen.engine().name()).isEqualTo("jce");
      assertThat(chosen.passedOver()).hasSize(2);
    }
  }

  @Test
  void theSelfTestFindsAWrongKeyStream() {
    CipherEngine engine =
        new FaultyEngine() {
          @Override
          public EngineKey streamKey(byte[] key) {
            byte[] other = key.clone();
            other[0] ^= 1;
            return super.streamKey(other);
          }
        };
    assertThatThrownBy(() -> EngineSelfTest.check(engine))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cipher engine faulty disagrees with the JVM's providers on");
  }

  @Test
  void saysWhatIsWrongWithAName() {
    assertThatThrownBy(() -> CipherEngines.select("fast"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "there is no cipher engine 'fast'; use auto, native, openssl, jce, or jce:<provider>");
    assertThatThrownBy(() -> CipherEngines.select("jce:Nobody"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cipher engine 'jce:Nobody' names a provider that is not installed");
  }

  @Test
  void refusesAProviderWithoutTheCiphers() {
    assertThatThrownBy(() -> CipherEngines.jce(Security.getProvider("SUN")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("jce:SUN cannot do");
  }

  @Test
  void theSelfTestFindsAWrongTag() {
    CipherEngine engine =
        new FaultyEngine() {
          @Override
          public void seal(CipherBatch descriptors) {
            super.seal(descriptors);
            long tag = descriptors.destinationOffset(0) + descriptors.tagOffset(0);
            descriptors.destination().set(ValueLayout.JAVA_BYTE, tag, (byte) 0);
          }
        };
    assertThatThrownBy(() -> EngineSelfTest.check(engine))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("cipher engine faulty failed its self-test for AES_CM_128_HMAC_SHA1_80");
  }

  @Test
  void theSelfTestFindsAnEngineThatAcceptsEverything() {
    CipherEngine engine =
        new FaultyEngine() {
          @Override
          public void open(CipherBatch descriptors) {
            super.open(descriptors);
            for (int i = 0; i < descriptors.size(); i++) {
              descriptors.result(i, CipherBatch.OK);
            }
          }
        };
    assertThatThrownBy(() -> EngineSelfTest.check(engine))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anEngineThatThrowsLeavesNoSlotAccepted() {
    CipherEngine engine =
        new FaultyEngine() {
          @Override
          public void seal(CipherBatch descriptors) {
            throw new IllegalStateException("out of order");
          }

          @Override
          public void open(CipherBatch descriptors) {
            throw new IllegalStateException("out of order");
          }
        };
    SrtpSession session = Streams.session(Streams.gcm(), 1, engine);
    SrtpTransform transform = new SrtpTransform(engine, 1);
    byte[] packet =
        Streams.protect(
            SrtpContext.sender(Streams.session(Streams.gcm()), 1, 0), Streams.rtp(1, 0));
    PacketBatch from = PacketBatch.allocate(1, 128);
    PacketBatch to = PacketBatch.allocate(1, 128);

    SrtpContext receiver = SrtpContext.receiver(session, 1);
    from.context(from.add(packet), receiver);
    assertThatThrownBy(() -> transform.unprotect(from, to)).hasMessage("out of order");
    assertThat(from.verdict(0)).isNotEqualTo(Verdict.ACCEPTED);
    assertThat(to.verdict(0)).isNotEqualTo(Verdict.ACCEPTED);
    assertThat(receiver.hasAuthenticated()).isFalse();

    SrtpContext sender = SrtpContext.sender(session, 1, 0);
    from.clear();
    from.context(from.add(Streams.rtp(1, 0)), sender);
    assertThatThrownBy(() -> transform.protect(from, from)).hasMessage("out of order");
    assertThat(from.verdict(0)).isNotEqualTo(Verdict.ACCEPTED);
    assertThat(sender.highestIndex()).isZero();
  }

  @Test
  void aClosedKeySealsNothing() {
    for (SrtpProfile profile : SrtpProfile.values()) {
      EngineKey key =
          Streams.ENGINE.key(
              profile, new byte[profile.masterKeyOctets()], new byte[SrtpProfile.AUTH_KEY_OCTETS]);
      key.close();
      PacketBatch batch = PacketBatch.allocate(1, 128);
      CipherBatch descriptors = new CipherBatch(1);
      descriptors.begin(batch.memory(), batch.memory());
      descriptors.add(0, 0, 0, key, key.handle(), 0, 0, CipherBatch.pair(12, 20), 0, 0);
      assertThatThrownBy(() -> Streams.ENGINE.seal(descriptors))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the key is closed");
    }
  }
}

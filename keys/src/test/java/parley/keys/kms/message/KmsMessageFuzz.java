package parley.keys.kms.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Octets of any kind are a request, a response, a certificate, or refused by the one exception
/// that there is; none but its own is signed by a key. Runs with `-Pfuzz` only.
class KmsMessageFuzz {
  private static final TransportKeys STRANGERS = MessageSamples.strangersKeys();

  static Stream<byte[]> seeds() {
    return MessageSamples.all().stream();
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void isReadOrRefused(byte[] octets) {
    boolean isRequest = isRequest(octets);
    boolean isResponse = isResponse(octets);
    assertThat(isRequest && isResponse).isFalse();
    try {
      assertThat(CertificateEntry.readAlone(octets).writeAlone()).isNotEmpty();
      assertThat(isRequest || isResponse).isFalse();
    } catch (MalformedKmsMessage e) {
      assertThat(e.clause()).isNotEmpty();
    }
  }

  private static boolean isRequest(byte[] octets) {
    try {
      UnverifiedKmsRequest read = UnverifiedKmsRequest.read(octets);
      var _ = read.verified(STRANGERS);
      throw new AssertionError("signed by a key that nobody has");
    } catch (WrongTransportKey _) {
      return true;
    } catch (MalformedKmsMessage e) {
      assertThat(e.clause()).isNotEmpty();
      return false;
    }
  }

  private static boolean isResponse(byte[] octets) {
    try (UnverifiedKmsResponse read = UnverifiedKmsResponse.read(octets)) {
      var _ = read.verified(STRANGERS);
      throw new AssertionError("signed by a key that nobody has");
    } catch (WrongTransportKey _) {
      return true;
    } catch (MalformedKmsMessage e) {
      assertThat(e.clause()).isNotEmpty();
      return false;
    }
  }
}

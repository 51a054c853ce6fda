package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import parley.keys.Secrets;
import parley.mikey.secret.SecretBytes;

/// A key that survives being printed and typed in.
class RecoveryShareTest {
  private static final java.security.SecureRandom ZEROS =
      new java.security.SecureRandom() {
        private static final long serialVersionUID = 1;

        @Override
        public void nextBytes(byte[] bytes) {
          java.util.Arrays.fill(bytes, (byte) 0);
        }
      };

  /// The checksum is the start of SHA-256 over the words and 32 zeros, computed elsewhere.
  @Test
  void writesAKnownKey() {
    assertThat(new String(RecoveryShare.draw(ZEROS)))
        .isEqualTo("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-" + "AAAA-AAAA-AAAA-AAAA-AAAG-KQPS");
  }

  @Test
  void readsWhatItWrote() throws Exception {
    for (int i = 0; i < 200; i++) {
      char[] text = RecoveryShare.draw(Secrets.RANDOM);
      assertThat(new String(text)).matches("([A-Z2-7]{4}-){13}[A-Z2-7]{4}");
      try (SecretBytes once = RecoveryShare.read(text);
          SecretBytes typed = RecoveryShare.read(typed(text))) {
        assertThat(once.length()).isEqualTo(32);
        assertThat(typed).isEqualTo(once);
      }
    }
  }

  /// As people type: small letters, blanks, digits for letters that look like them.
  private static char[] typed(char[] text) {
    return ("\n " + new String(text) + "\r\n")
        .toLowerCase(Locale.ROOT)
        .replace('-', ' ')
        .replace('o', '0')
        .replace('i', '1')
        .replace('b', '8')
        .toCharArray();
  }

  @Test
  void findsEveryWrongCharacterAndEverySwap() {
    char[] text = RecoveryShare.draw(Secrets.RANDOM);
    for (int at = 0; at < text.length; at++) {
      if (text[at] == '-') {
        continue;
      }
      char[] wrong = text.clone();
      wrong[at] = text[at] == 'A' ? 'C' : 'A';
      refuses(wrong, "has a typing error");
      int next = at + 1 < text.length && text[at + 1] == '-' ? at + 2 : at + 1;
      if (next < text.length && text[next] != text[at]) {
        char[] swapped = text.clone();
        swapped[at] = text[next];
        swapped[next] = text[at];
        refuses(swapped, "has a typing error");
      }
    }
  }

  @Test
  void refusesWhatIsNoRecoveryShare() {
    char[] text = RecoveryShare.draw(Secrets.RANDOM);
    refuses(new char[0], "14 groups of 4");
    refuses(java.util.Arrays.copyOf(text, text.length - 1), "14 groups of 4");
    refuses((new String(text) + "A").toCharArray(), "14 groups of 4");
    for (char c : "9!=_\u00e4\u0131\u212a".toCharArray()) {
      char[] wrong = text.clone();
      wrong[0] = c;
      refuses(wrong, "14 groups of 4");
    }
  }

  private static void refuses(char[] text, String why) {
    assertThatThrownBy(() -> RecoveryShare.read(text))
        .isInstanceOf(VaultException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining(text.length == 0 ? "\0" : new String(text, 0, 4));
  }
}

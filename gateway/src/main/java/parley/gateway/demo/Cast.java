package parley.gateway.demo;

import java.util.List;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.identity.Identity;

/// Who plays in the demo, and under which names.
final class Cast {
  static final String KMS_URI = "kms.example.org";

  /// Where Alice and Bob talk.
  static final Identity FIRE_OPS = new Identity("sip:fire-ops@example.org");

  /// Where the gateway bridges to, under another cipher suite.
  static final Identity JOINT_OPS = new Identity("sip:joint-ops@example.org");

  static final Identity GATEWAY = new Identity("sip:gpe1@example.org");

  /// Who may have the keys of both groups.
  static final Identity MANAGER = new Identity("sip:manager@example.org");

  static final Identity ALICE = new Identity("sip:alice@example.org");
  static final Identity BOB = new Identity("sip:bob@example.org");
  static final Identity CAROL = new Identity("sip:carol@example.org");
  static final Identity DAVE = new Identity("sip:dave@example.org");

  /// A member of fire-ops, so she holds its GMK, who wants to speak with another's voice.
  static final Identity MALLORY = new Identity("sip:mallory@example.org");

  /// The KMS knows her, no group does.
  static final Identity EVE = new Identity("sip:eve@example.org");

  static final List<Identity> UES = List.of(ALICE, BOB, CAROL, DAVE);

  static final MediaPolicy FIRE_OPS_POLICY = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);
  static final MediaPolicy JOINT_OPS_POLICY =
      new MediaPolicy(MediaSuite.AES_CM_128_HMAC_SHA1_80, false);

  private Cast() {}

  /// `alice` of `sip:alice@example.org`: file names and terminal lines.
  static String shortName(Identity who) {
    return who.uri().substring(who.uri().indexOf(':') + 1, who.uri().indexOf('@'));
  }

  /// The one device of `who`.
  static String device(Identity who) {
    return shortName(who) + "-1";
  }
}

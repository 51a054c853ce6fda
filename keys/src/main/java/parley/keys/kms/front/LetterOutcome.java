package parley.keys.kms.front;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// What became of a GMK message that somebody has brought for a UE.
public sealed interface LetterOutcome {
  /// It waits for the UE.
  ///
  /// @param until when it is dropped
  /// @param isNews false where it waited already
  record Taken(Identity signer, Identity ue, Identity group, Instant until, boolean isNews)
      implements LetterOutcome {}

  /// Nothing has changed.
  ///
  /// @param signer null unless the signature is good
  /// @param ue whom it claims to be for; null where it is no message
  /// @param detail one sentence, which is for operators and not for whoever brought it
  record Refused(Denial reason, @Nullable Identity signer, @Nullable Identity ue, String detail)
      implements LetterOutcome {}
}

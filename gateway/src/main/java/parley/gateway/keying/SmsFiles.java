package parley.gateway.keying;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.transport.SmsLimits;
import parley.mikey.transport.SmsOutcome;
import parley.mikey.transport.SmsReassembly;

/// Segments of short messages as files, one each, put together within the limits of
/// [SmsReassembly].
///
/// A file that is older than a message may take to become complete is left alone, so that a restart
/// does not mix what lies in the folder since last week with what comes now. Confined to the
/// folder's thread.
final class SmsFiles {
  private static final Logger LOG = LoggerFactory.getLogger(SmsFiles.class);

  private final SmsLimits limits = SmsLimits.defaults();
  private final InstantSource clock;
  private final SmsReassembly reassembly;

  SmsFiles(InstantSource clock) {
    this.clock = clock;
    this.reassembly = new SmsReassembly(clock, limits);
  }

  /// A message, and who is said to have sent it.
  record Message(String sender, Octets octets) {}

  /// The message that this segment was missing from; empty as long as others are missing.
  Optional<Message> take(Path file, FileTime changed) throws IOException {
    Optional<SmsFileName> name = SmsFileName.of(file);
    if (name.isEmpty()) {
      LOG.atWarn().addKeyValue("file", file).log("not named SENDER.NAME.sms, left alone");
      return Optional.empty();
    }
    if (changed.toInstant().isBefore(clock.instant().minus(limits.expiry()))) {
      LOG.atInfo().addKeyValue("file", file).log("a segment of long ago, left alone");
      return Optional.empty();
    }
    String sender = name.get().sender();
    try {
      return switch (reassembly.take(sender, Files.readAllBytes(file))) {
        case SmsOutcome.Complete(Octets message) -> Optional.of(new Message(sender, message));
        case SmsOutcome.Incomplete _ -> Optional.empty();
        case SmsOutcome.Refused(SmsOutcome.Reason reason) -> refused(file, reason.name());
      };
    } catch (MalformedMessage e) {
      return refused(file, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Message> refused(Path file, String reason) {
    LOG.atWarn().addKeyValue("file", file).addKeyValue("reason", reason).log("segment refused");
    return Optional.empty();
  }
}

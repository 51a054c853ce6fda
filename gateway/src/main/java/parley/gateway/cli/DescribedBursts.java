package parley.gateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import parley.gateway.keying.GroupKeyingSettings;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.transport.SdpReader;

/// The announcements of an SDP description that a listener is given, as far as they are worth
/// verifying.
final class DescribedBursts {
  private static final Duration WINDOW = GroupKeyingSettings.DEFAULT_WINDOW;

  private DescribedBursts() {}

  /// In the order of the text; `complaint` is told in a sentence why one is left out.
  static List<byte[]> read(Path file, Identity group, Instant now, Consumer<String> complaint)
      throws IOException, CommandFailed {
    if (Files.size(file) > SdpReader.MAX_OCTETS) {
      throw new CommandFailed(
          ExitCode.FAILED, file + " is longer than any description of a session");
    }
    List<Octets> messages;
    try {
      messages = SdpReader.read(Files.readAllBytes(file)).messagesInForce();
    } catch (MalformedMessage e) {
      throw new CommandFailed(ExitCode.FAILED, file + " is no SDP: " + e.getMessage(), e);
    }
    if (messages.isEmpty()) {
      throw new CommandFailed(ExitCode.FAILED, file + " has no attribute a=key-mgmt:mikey");
    }
    List<byte[]> announcements = new ArrayList<>();
    for (Octets message : messages) {
      String objection = objection(message.bytes(), group, now);
      if (objection.isEmpty()) {
        announcements.add(message.bytes());
      } else {
        complaint.accept(file + ": " + objection);
      }
    }
    return announcements;
  }

  private static String objection(byte[] octets, Identity group, Instant now) {
    UnverifiedAnnouncement message;
    try {
      message = UnverifiedAnnouncement.read(octets);
    } catch (MalformedMessage e) {
      return "this is no announcement: " + e.getMessage();
    }
    if (!message.group().equals(group)) {
      return "this announcement is for " + message.group() + ", not for " + group;
    }
    Duration age = Duration.between(message.timestamp().toInstant(), now);
    if (age.abs().compareTo(WINDOW) <= 0) {
      return "";
    }
    return "this announcement is refused: it was made %d s %s, more than %d s; %s"
        .formatted(
            age.abs().toSeconds(),
            age.isNegative() ? "from now" : "ago",
            WINDOW.toSeconds(),
            age.isNegative() ? "a clock is wrong" : "fetch the description again");
  }
}

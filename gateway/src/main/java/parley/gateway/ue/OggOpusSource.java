package parley.gateway.ue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gagravarr.ogg.OggPacket;
import org.gagravarr.ogg.OggPacketReader;
import org.jspecify.annotations.Nullable;

/// Opus packets out of an Ogg file (RFC 7845): one RTP payload each, octets untouched (RFC 7587,
/// 4.2).
///
/// The two header packets, `OpusHead` and `OpusTags`, are checked and left out; other streams in
/// the same file are passed over.
final class OggOpusSource {
  private static final byte[] HEAD = "OpusHead".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TAGS = "OpusTags".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD_OCTETS = 19;

  private final String name;
  private final OggPacketReader packets;

  private OggOpusSource(String name, byte[] octets) {
    this.name = name;
    this.packets = new OggPacketReader(new ByteArrayInputStream(octets));
  }

  static Speech parse(String name, byte[] octets) throws SpeechFileException {
    OggOpusSource source = new OggOpusSource(name, octets);
    int stream = source.findHead();
    source.skipTags(stream);
    return new Speech(name, Speech.OPUS, 48_000, source.frames(stream));
  }

  private int findHead() throws SpeechFileException {
    for (OggPacket packet = next(); packet != null; packet = next()) {
      byte[] data = packet.getData();
      if (packet.isBeginningOfStream() && startsWith(data, HEAD)) {
        checkHead(data);
        return packet.getSid();
      }
    }
    throw refused("no Opus stream in this Ogg file; convert it with opusenc");
  }

  private void checkHead(byte[] head) throws SpeechFileException {
    if (head.length < HEAD_OCTETS || (head[8] & 0xF0) != 0) {
      throw refused("its OpusHead is broken or of an unknown version");
    }
    if (head[18] != 0) {
      throw refused("only mono and stereo travel in one RTP stream; mix it down to mono");
    }
  }

  private void skipTags(int stream) throws SpeechFileException {
    OggPacket tags = next(stream);
    if (tags == null || !startsWith(tags.getData(), TAGS)) {
      throw refused("its second packet is no OpusTags");
    }
  }

  private List<SpeechFrame> frames(int stream) throws SpeechFileException {
    List<SpeechFrame> frames = new ArrayList<>();
    for (OggPacket packet = next(stream); packet != null; packet = next(stream)) {
      byte[] data = packet.getData();
      int samples = OpusToc.samples(data);
      if (samples < 0) {
        throw refused("packet " + frames.size() + " is not Opus");
      }
      frames.add(new SpeechFrame(data, samples));
    }
    return frames;
  }

  private @Nullable OggPacket next(int stream) throws SpeechFileException {
    OggPacket packet = next();
    while (packet != null && packet.getSid() != stream) {
      packet = next();
    }
    return packet;
  }

  /// The library answers a torn file with whatever exception its arithmetic ends in.
  private @Nullable OggPacket next() throws SpeechFileException {
    try {
      return packets.getNextPacket();
    } catch (IOException | RuntimeException e) {
      throw new SpeechFileException(name + ": the Ogg file is damaged", e);
    }
  }

  private SpeechFileException refused(String reason) {
    return new SpeechFileException(name + ": " + reason);
  }

  private static boolean startsWith(byte[] data, byte[] magic) {
    return data.length >= magic.length
        && Arrays.equals(data, 0, magic.length, magic, 0, magic.length);
  }
}

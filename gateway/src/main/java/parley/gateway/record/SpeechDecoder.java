package parley.gateway.record;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// RTP payloads to linear samples, of one stream; confined to one thread.
interface SpeechDecoder {
  /// Samples of all channels side by side; null for a payload that cannot be decoded.
  short @Nullable [] decode(byte[] payload);

  int channels();

  /// The decoder of a format, or null where we have none. `first` is the stream's first payload:
  /// Opus packets say themselves whether they are stereo, whatever the session description says.
  static @Nullable SpeechDecoder of(PayloadFormat format, byte[] first) {
    if (format.is("opus") && format.clockRate() == OpusPacket.CLOCK_RATE && first.length > 0) {
      return opus(OpusPacket.isStereo(first) ? 2 : 1);
    }
    if (format.is("PCMU")) {
      return octets(format.channels(), G711::muLaw);
    }
    if (format.is("PCMA")) {
      return octets(format.channels(), G711::aLaw);
    }
    return format.is("L16") ? new Linear16(format.channels()) : null;
  }

  /// One octet to one sample.
  interface Companding {
    short expand(byte octet);
  }

  private static SpeechDecoder octets(int channels, Companding law) {
    return new Companded(channels, law);
  }

  private static SpeechDecoder opus(int channels) {
    try {
      return new Opus(new OpusDecoder(OpusPacket.CLOCK_RATE, channels), channels);
    } catch (OpusException e) {
      throw new IllegalStateException("no Opus decoder for " + channels + " channels", e);
    }
  }

  /// G.711.
  record Companded(int channels, Companding law) implements SpeechDecoder {
    @Override
    public short @Nullable [] decode(byte[] payload) {
      if (payload.length == 0 || payload.length % channels != 0) {
        return null;
      }
      var samples = new short[payload.length];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = law.expand(payload[i]);
      }
      return samples;
    }
  }

  /// Linear samples in network byte order (RFC 3551, 4.5.11).
  record Linear16(int channels) implements SpeechDecoder {
    @Override
    public short @Nullable [] decode(byte[] payload) {
      if (payload.length == 0 || payload.length % (2 * channels) != 0) {
        return null;
      }
      var samples = new short[payload.length / 2];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = (short) ((payload[2 * i] << 8) | (payload[2 * i + 1] & 0xFF));
      }
      return samples;
    }
  }

  /// Opus by Concentus. What is no Opus packet leaves the decoder as it was.
  record Opus(OpusDecoder decoder, int channels) implements SpeechDecoder {
    @Override
    public short @Nullable [] decode(byte[] payload) {
      int expected = OpusPacket.samples(payload);
      if (expected < 0) {
        return null;
      }
      var samples = new short[expected * channels];
      try {
        int decoded = decoder.decode(payload, 0, payload.length, samples, 0, expected, false);
        return decoded == expected ? samples : Arrays.copyOf(samples, decoded * channels);
      } catch (OpusException | RuntimeException _) {
        return null;
      }
    }
  }
}

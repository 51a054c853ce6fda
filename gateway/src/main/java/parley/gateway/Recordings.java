package parley.gateway;

import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.GroupConfig;
import parley.gateway.keying.GskWrapping;
import parley.gateway.media.MediaTap;
import parley.gateway.record.PayloadTypes;
import parley.gateway.record.Recorder;
import parley.gateway.record.RecorderEvents;
import parley.gateway.record.RecorderSettings;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;

/// The recorder of a gateway, from the first moment at which a group wants one.
final class Recordings implements AutoCloseable {
  private final Vault vault;
  private final GskWrapping wrapping;
  private final InstantSource clock;
  private volatile @Nullable Recorder recorder;

  Recordings(Vault vault, GskWrapping wrapping, InstantSource clock) {
    this.vault = vault;
    this.wrapping = wrapping;
    this.clock = clock;
  }

  /// Null as long as nothing is recorded. Any thread.
  @Nullable Recorder recorder() {
    return recorder;
  }

  static boolean areWanted(GatewayConfig config) {
    return config.groups().stream().anyMatch(GroupConfig::record);
  }

  /// Starts the recorder where `config` wants one and there is none; true when it did. Neither the
  /// vault nor the disk is touched.
  boolean open(GatewayConfig config) throws IOException {
    if (recorder != null || !areWanted(config)) {
      return false;
    }
    RecorderSettings settings =
        RecorderSettings.defaults()
            .withWarnBelow(config.record().warnBelowOctets())
            .withPayloadTypes(PayloadTypes.with(config.media().payloadTypes()));
    recorder =
        new Recorder(
            config.record().directory(),
            config.identity(),
            settings,
            clock,
            RecorderEvents.logging());
    return true;
  }

  /// Takes the recording key out of the vault, or makes one there: from now on bursts can be
  /// recorded.
  void unlock() throws VaultException {
    if (recorder != null) {
      wrapping.use(vault.recordingKey());
    }
  }

  MediaTap tap(GroupConfig group) {
    Recorder now = recorder;
    return group.record() && now != null ? now : MediaTap.none();
  }

  /// Ends every recording; the loops must have stopped telling.
  @Override
  public void close() {
    Recorder now = recorder;
    recorder = null;
    if (now != null) {
      now.close();
    }
  }
}

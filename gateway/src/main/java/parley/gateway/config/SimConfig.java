package parley.gateway.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The SIM that a KMS knows us by. It is in the vault; `card` brings it there and need not be there
/// any more once it has.
///
/// @param card null where the vault has the SIM already
/// @param impi whose SIM it has to be; null for the one that is there
/// @param bsf where it bootstraps; null for what the vault says
/// @param bsfName what the BSF calls itself; null for the host of `bsf`
/// @param ca who signs the BSF's TLS certificate; null for the same as the KMS's
/// @param naf what the KMS calls itself as a NAF
/// @param push where pushes are heard; null for nowhere
public record SimConfig(
    @Nullable Path card,
    @Nullable String impi,
    @Nullable URI bsf,
    @Nullable String bsfName,
    @Nullable Path ca,
    String naf,
    @Nullable PushListen push) {

  /// Where a UE hears pushes.
  public sealed interface PushListen {
    /// At a UDP port of its own.
    record Udp(InetSocketAddress listen) implements PushListen {}

    /// In a folder, into which somebody else puts files.
    record Folder(Path folder) implements PushListen {}
  }
}

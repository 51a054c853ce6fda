package parley.gateway.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a role's configuration, `gateway.yaml`, `manager.yaml`, `kms.yaml` or `bsf.yaml`: whole,
/// or not at all.
public final class ConfigFile {
  /// Room for some ten thousand groups with a dozen receivers each.
  static final int MAX_OCTETS = 16 << 20;

  private ConfigFile() {}

  /// A gateway's configuration, checked as a whole against itself and this host; nothing is opened
  /// or started.
  ///
  /// @throws ConfigException with every wrong setting, its path, and what would be right
  public static GatewayConfig read(Path file) throws ConfigException {
    return read(file, (folder, root) -> new GatewayReader(folder).read(root));
  }

  /// A group manager's configuration, checked likewise.
  ///
  /// @throws ConfigException with every wrong setting, its path, and what would be right
  public static ManagerConfig readManager(Path file) throws ConfigException {
    return read(file, (folder, root) -> new ManagerReader(folder).read(root));
  }

  /// A key management server's configuration, checked likewise.
  ///
  /// @throws ConfigException with every wrong setting, its path, and what would be right
  public static KmsServerConfig readKms(Path file) throws ConfigException {
    return read(file, (folder, root) -> new KmsServerReader(folder).read(root));
  }

  /// A bootstrapping server's configuration, checked likewise.
  ///
  /// @throws ConfigException with every wrong setting, its path, and what would be right
  public static BsfConfig readBsf(Path file) throws ConfigException {
    return read(file, (folder, root) -> new BsfReader(folder).read(root));
  }

  /// Reads the root of a file; null, or incomplete, where a finding was recorded.
  private interface Reader<C> {
    @Nullable C read(ConfigFolder folder, Setting root);
  }

  private static <C> C read(Path file, Reader<C> reader) throws ConfigException {
    Path path = file.toAbsolutePath().normalize();
    var findings = new Findings();
    YamlNode root = YamlReader.read(text(path), findings);
    Path parent = path.getParent();
    var folder = new ConfigFolder(parent == null ? path : parent);
    C config = root == null ? null : reader.read(folder, Setting.root(root, findings));
    if (config == null || !findings.isEmpty()) {
      throw new ConfigException(file, findings.inFileOrder());
    }
    return config;
  }

  private static String text(Path file) throws ConfigException {
    try {
      if (Files.size(file) > MAX_OCTETS) {
        throw refused(file, "is larger than " + MAX_OCTETS + " octets; this is no configuration");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException _) {
      throw refused(file, "does not exist; correct the path");
    } catch (AccessDeniedException _) {
      throw refused(file, "is closed to this user; correct its permissions");
    } catch (CharacterCodingException _) {
      throw refused(file, "is no UTF-8 text; save it as UTF-8");
    } catch (IOException e) {
      throw refused(file, "cannot be read: " + e.getMessage());
    }
  }

  private static ConfigException refused(Path file, String text) {
    return new ConfigException(file, List.of(new ConfigError("", 0, 0, text)));
  }
}

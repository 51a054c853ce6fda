package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.keys.vault.RecoveryShare;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;

/// Adds a recovery share to a vault and hands it out: into a new file for the owner alone, or onto
/// the terminal.
final class RecoveryPaper {
  private RecoveryPaper() {}

  /// @param file null prints it
  static void add(Vault vault, VaultKey present, String name, @Nullable Path file, PrintWriter out)
      throws VaultException, CommandFailed {
    char[] text = RecoveryShare.draw(new SecureRandom());
    try (VaultKey recovery = VaultKey.recovery(text)) {
      if (file == null) {
        vault.addUnlock(present, recovery, name);
        print(text, out);
      } else {
        write(text, file);
        vault.addUnlock(present, recovery, name);
        out.println("the recovery share is in " + file + "; print it, keep it safe, delete it");
      }
    } finally {
      Arrays.fill(text, '\0');
    }
  }

  private static void print(char[] text, PrintWriter out) {
    out.println("recovery share, which opens the vault by itself; write it down now:");
    out.print("  ");
    out.write(text, 0, text.length);
    out.println();
    out.flush();
  }

  private static void write(char[] text, Path file) throws CommandFailed {
    byte[] octets = new byte[text.length + 1];
    for (int i = 0; i < text.length; i++) {
      octets[i] = (byte) text[i];
    }
    octets[text.length] = '\n';
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = Files.newByteChannel(file, options, ownerOnly)) {
      int written = channel.write(java.nio.ByteBuffer.wrap(octets));
      if (written != octets.length) {
        throw new IOException("the disk is full");
      }
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailed(
          ExitCode.FAILED, file + " exists already; it stays as it is, choose another path", e);
    } catch (IOException e) {
      throw new CommandFailed(ExitCode.FAILED, file + " cannot be written; check its directory", e);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }
}

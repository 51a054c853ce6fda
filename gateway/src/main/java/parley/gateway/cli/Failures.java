package parley.gateway.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import parley.gateway.StartRefused;
import parley.gateway.admin.AccessRefused;
import parley.gateway.config.ConfigException;
import parley.gateway.media.PortUnavailable;
import parley.keys.enrol.NotEnrolled;
import parley.keys.gba.ue.BootstrapFailed;
import parley.keys.gba.ue.WrongSim;
import parley.keys.http.TlsRefused;
import parley.keys.kms.IssueRefused;
import parley.keys.manager.WrongSetting;
import parley.keys.member.KeysMissing;
import parley.keys.store.StoreException;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;

/// Turns what a library threw into the sentence and the exit code of a subcommand.
final class Failures {
  private Failures() {}

  static CommandFailed explain(Exception e) {
    return switch (e) {
      case CommandFailed failed -> failed;
      case ConfigException _, WrongSetting _, AccessRefused _ ->
          failed(ExitCode.CONFIGURATION_REFUSED, e.getMessage(), e);
      case VaultException _ -> failed(ExitCode.VAULT, e.getMessage(), e);
      case StoreException _ -> failed(ExitCode.FAILED, e.getMessage(), e);
      case TlsRefused _ -> failed(ExitCode.CONFIGURATION_REFUSED, e.getMessage(), e);
      case WrongSim _ -> failed(ExitCode.KEYS, e.getMessage(), e);
      case BootstrapFailed _ -> failed(ExitCode.FAILED, e.getMessage(), e);
      case PortUnavailable _ -> failed(ExitCode.PORT_UNAVAILABLE, e.getMessage(), e);
      case KeysMissing _, InvalidKey _, IssueRefused _ -> failed(ExitCode.KEYS, e.getMessage(), e);
      case NotEnrolled not -> failed(exitCode(not.kind()), e.getMessage(), e);
      case StartRefused refused -> failed(exitCode(refused.kind()), e.getMessage(), e);
      case IOException io -> explain(io);
      default ->
          failed(ExitCode.FAILED, "a fault in parley itself: " + e + " (--debug shows where)", e);
    };
  }

  private static ExitCode exitCode(StartRefused.Kind kind) {
    return switch (kind) {
      case CONFIGURATION -> ExitCode.CONFIGURATION_REFUSED;
      case VAULT -> ExitCode.VAULT;
      case PORT -> ExitCode.PORT_UNAVAILABLE;
      case KEYS -> ExitCode.KEYS;
      case CLOCK -> ExitCode.CLOCK;
      case RECORDINGS -> ExitCode.MISSING_PREREQUISITE;
    };
  }

  private static ExitCode exitCode(NotEnrolled.Kind kind) {
    return switch (kind) {
      case LATER -> ExitCode.FAILED;
      case NOT_KNOWN, REFUSED, NOT_GOOD -> ExitCode.KEYS;
      case TLS -> ExitCode.CONFIGURATION_REFUSED;
      case VAULT -> ExitCode.VAULT;
      case PORT -> ExitCode.PORT_UNAVAILABLE;
    };
  }

  private static CommandFailed explain(IOException e) {
    return switch (e) {
      case NoSuchFileException missing ->
          failed(ExitCode.MISSING_PREREQUISITE, missing.getFile() + " does not exist", e);
      case AccessDeniedException denied ->
          failed(ExitCode.MISSING_PREREQUISITE, denied.getFile() + " is closed to this user", e);
      case FileAlreadyExistsException exists ->
          failed(ExitCode.FAILED, exists.getFile() + " exists already; it is not overwritten", e);
      default -> failed(ExitCode.FAILED, e.getMessage() == null ? e.toString() : e.getMessage(), e);
    };
  }

  private static CommandFailed failed(ExitCode code, @Nullable String sentence, Exception cause) {
    return new CommandFailed(code, String.valueOf(sentence), cause);
  }
}

package parley.keys.manager;

import java.nio.file.Path;

/// A setting in a file is wrong. The message is one sentence: the setting's path, what is wrong,
/// what would be right (`members[2].may[0]: unknown permission "speak"; use talk, listen, relay or
/// manage`).
public final class WrongSetting extends Exception {
  WrongSetting(String path, String what) {
    super(path.isEmpty() ? what : path + ": " + what);
  }

  private WrongSetting(String message, WrongSetting cause) {
    super(message, cause);
  }

  /// The same with the file's name in front.
  WrongSetting in(Path file) {
    return new WrongSetting(file + ": " + getMessage(), this);
  }
}

package parley.gateway.record;

import java.io.IOException;

/// A file is no recording of ours, or says too little about itself to be read. The message goes on
/// after the file's name: "has no rand".
public sealed class NotARecording extends IOException permits NothingRecorded {
  private static final long serialVersionUID = 1;

  NotARecording(String message) {
    super(message);
  }

  NotARecording(String message, Throwable cause) {
    super(message, cause);
  }
}

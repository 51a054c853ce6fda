package parley.gateway.admin;

import java.util.Locale;

/// Why a request was not let in; a label of the metrics.
enum AccessFailure {
  /// Neither token nor certificate.
  NO_CREDENTIAL,
  UNKNOWN_TOKEN,
  /// Valid, but of nobody in `admin.clients`.
  UNKNOWN_CERTIFICATE,
  /// Refused by TLS: expired, or of an authority that is not believed.
  HANDSHAKE,
  /// Known, but may not do this.
  ROLE,
  /// Sent by a page in a browser.
  ORIGIN,
  /// Meant for another host: a name was made to lead here.
  HOST;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

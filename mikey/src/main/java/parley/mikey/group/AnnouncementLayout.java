package parley.mikey.group;

import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.Header;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.Payload;

/// Where the fields of an announcement stand; [#read] is the inverse of [#write].
sealed interface AnnouncementLayout permits GroupCallLayout, BasicLayout {

  MikeyMessage write(
      AnnouncementFields fields, NtpTimestamp t, Payload.Kemac kemac, Payload.Sign sign);

  /// The header alone: what of a message changes with the state of its streams.
  Header header(AnnouncementFields fields);

  /// Reads everything up to the KEMAC; `message` ends with KEMAC and SIGN, which the caller has
  /// checked.
  AnnouncementFields read(MikeyMessage message) throws MalformedMessage;
}

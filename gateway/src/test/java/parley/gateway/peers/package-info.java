/// The gateway and its terminals against programs that nobody here wrote: GStreamer, ffmpeg,
/// Wireshark.
@NullMarked
package parley.gateway.peers;

import org.jspecify.annotations.NullMarked;

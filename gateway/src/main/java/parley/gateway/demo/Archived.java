package parley.gateway.demo;

import java.nio.file.Path;
import java.util.List;

/// One turn in the gateway's archive.
///
/// @param talker whom the gateway verified
/// @param payloads the recorded speech, decrypted
/// @param complete whether each export holds all that was recorded, unaltered
record Archived(String talker, List<byte[]> payloads, List<Path> files, boolean complete) {}

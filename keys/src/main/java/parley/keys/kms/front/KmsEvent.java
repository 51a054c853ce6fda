package parley.keys.kms.front;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One line of the audit log: who asked, what came of it, never a key.
///
/// @param peer the address it came from
/// @param way how the client is known; null where it is not
/// @param client the name that it is known by, empty where it is not
/// @param user the identity that asked, empty where nobody is known
/// @param resource what was asked for: `init`, `keyprov` ...
/// @param who whose keys
/// @param device whose they are to be, as the issuer calls it
/// @param period the number of the key period; null where none was issued
/// @param denial why nothing was given; null where it was
public record KmsEvent(
    Instant time,
    String peer,
    KmsClient.@Nullable Way way,
    String client,
    String user,
    String resource,
    String who,
    String device,
    @Nullable Long period,
    @Nullable Denial denial) {}

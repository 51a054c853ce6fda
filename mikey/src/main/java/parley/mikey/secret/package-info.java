/// Secret octets, and who may read them.
///
/// [parley.mikey.secret.SecretBytes] holds a private copy in [parley.mikey.secret.SecretMemory],
/// outside the heap, that `close()` zeroes and that nothing prints. Reading needs a
/// [parley.mikey.secret.SecretAccess], so a search for `SecretAccess.token` finds every place where
/// a secret leaves its box.
@NullMarked
package parley.mikey.secret;

import org.jspecify.annotations.NullMarked;

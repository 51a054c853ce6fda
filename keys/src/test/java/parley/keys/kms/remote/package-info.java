/// The issuer across its socket.
@NullMarked
package parley.keys.kms.remote;

import org.jspecify.annotations.NullMarked;

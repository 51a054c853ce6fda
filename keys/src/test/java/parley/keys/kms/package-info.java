/// The issuer's promises.
@NullMarked
package parley.keys.kms;

import org.jspecify.annotations.NullMarked;

/// A client and the KMS that it cannot trust to be itself.
@NullMarked
package parley.keys.kms.client;

import org.jspecify.annotations.NullMarked;

/// The KMS's XML: both ways, by its schema, signed, and as an attacker would write it.
@NullMarked
package parley.keys.kms.message;

import org.jspecify.annotations.NullMarked;

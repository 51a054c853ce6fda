/// Ceremonies, done and undone.
@NullMarked
package parley.keys.kms.ceremony;

import org.jspecify.annotations.NullMarked;

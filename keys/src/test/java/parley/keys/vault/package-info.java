/// The vault's promises.
@NullMarked
package parley.keys.vault;

import org.jspecify.annotations.NullMarked;

/// parley keys.
@NullMarked
package parley.keys;

import org.jspecify.annotations.NullMarked;

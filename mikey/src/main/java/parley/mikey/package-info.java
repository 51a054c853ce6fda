/// parley mikey.
@NullMarked
package parley.mikey;

import org.jspecify.annotations.NullMarked;

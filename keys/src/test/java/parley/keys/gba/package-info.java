/// Tests of the generic bootstrapping architecture, both ends.
@NullMarked
package parley.keys.gba;

import org.jspecify.annotations.NullMarked;

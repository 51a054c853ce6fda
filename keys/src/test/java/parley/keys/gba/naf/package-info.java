/// Tests of a server that takes bootstrapped keys.
@NullMarked
package parley.keys.gba.naf;

import org.jspecify.annotations.NullMarked;

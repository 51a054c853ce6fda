/// Tests of AKA with the published sets of Milenage.
@NullMarked
package parley.keys.gba.aka;

import org.jspecify.annotations.NullMarked;

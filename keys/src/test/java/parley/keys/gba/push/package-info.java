/// Tests of pushes, real, copied and forged.
@NullMarked
package parley.keys.gba.push;

import org.jspecify.annotations.NullMarked;

/// Tests of a UE that bootstraps, against real TLS.
@NullMarked
package parley.keys.gba.ue;

import org.jspecify.annotations.NullMarked;

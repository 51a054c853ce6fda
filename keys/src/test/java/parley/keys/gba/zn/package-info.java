/// Tests of Zn over mutual TLS.
@NullMarked
package parley.keys.gba.zn;

import org.jspecify.annotations.NullMarked;

/// Tests of the bootstrapping server function: what it gives, to whom, and how often.
@NullMarked
package parley.keys.gba.bsf;

import org.jspecify.annotations.NullMarked;

/// Authentication and key agreement (TS 33.102): the same computations on a USIM and in the HSS.
///
/// 1. [parley.keys.gba.aka.Milenage] f1 to f5* from K and OPc
@NullMarked
package parley.keys.gba.aka;

import org.jspecify.annotations.NullMarked;

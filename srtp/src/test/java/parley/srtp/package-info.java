/// Tests of SRTP, and [parley.srtp.IvLedger] for the tests of modules above.
@NullMarked
package parley.srtp;

import org.jspecify.annotations.NullMarked;

/// parley srtp.
@NullMarked
package parley.srtp;

import org.jspecify.annotations.NullMarked;

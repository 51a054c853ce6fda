/// Tests of the media plane: over real sockets on loopback, and of its parts alone.
@NullMarked
package parley.gateway.media;

import org.jspecify.annotations.NullMarked;

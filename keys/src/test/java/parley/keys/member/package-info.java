/// A member's promises.
@NullMarked
package parley.keys.member;

import org.jspecify.annotations.NullMarked;

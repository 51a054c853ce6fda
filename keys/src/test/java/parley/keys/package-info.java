/// What the tests of the key plane share.
@NullMarked
package parley.keys;

import org.jspecify.annotations.NullMarked;

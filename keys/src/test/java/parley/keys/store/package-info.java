@NullMarked
package parley.keys.store;

import org.jspecify.annotations.NullMarked;

@NullMarked
package parley.keys.http;

import org.jspecify.annotations.NullMarked;

/// What the servers of this gateway, admin and MIKEY, have in common below their requests:
/// [parley.gateway.http.FramingCheck] refuses bodies whose length two readers could see
/// differently.
@NullMarked
package parley.gateway.http;

import org.jspecify.annotations.NullMarked;

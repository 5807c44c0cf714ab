/**
 * The orders of the shop, in the PostgreSQL database {@code orders}.
 */
@NullMarked
package io.appdbs.sample.orders;

import org.jspecify.annotations.NullMarked;

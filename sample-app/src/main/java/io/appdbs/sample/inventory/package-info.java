/**
 * The stock of the shop, in the PostgreSQL database {@code inventory}.
 */
@NullMarked
package io.appdbs.sample.inventory;

import org.jspecify.annotations.NullMarked;

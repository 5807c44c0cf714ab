/**
 * The products of the shop, in the MongoDB database {@code catalog}.
 */
@NullMarked
package io.appdbs.sample.catalog;

import org.jspecify.annotations.NullMarked;

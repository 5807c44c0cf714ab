/**
 * What customers say of products, in the H2 database {@code reviews}, which the shop can
 * do without.
 */
@NullMarked
package io.appdbs.sample.reviews;

import org.jspecify.annotations.NullMarked;

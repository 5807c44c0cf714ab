/**
 * What customers wish for, in the PostgreSQL database {@code wishes}. Each of them has
 * their own: the table's policies see to it.
 */
@NullMarked
package io.appdbs.sample.wishes;

import org.jspecify.annotations.NullMarked;

/**
 * Look-ups in the schema of a database.
 */
@NullMarked
package io.appdbs.schema;

import org.jspecify.annotations.NullMarked;

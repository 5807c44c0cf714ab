/**
 * Look-ups in the schema of a relational database, while the application runs and before
 * it starts.
 */
@NullMarked
package io.appdbs.jdbc.schema;

import org.jspecify.annotations.NullMarked;

/**
 * The limit on the connections of all databases that are added at run time.
 */
@NullMarked
package io.appdbs.jdbc.budget;

import org.jspecify.annotations.NullMarked;

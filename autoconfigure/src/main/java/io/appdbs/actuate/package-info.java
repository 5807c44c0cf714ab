/**
 * Health and the endpoint of the databases for Boot's actuator. Requests never access a
 * database: everything is read from the life cycle.
 */
@NullMarked
package io.appdbs.actuate;

import org.jspecify.annotations.NullMarked;

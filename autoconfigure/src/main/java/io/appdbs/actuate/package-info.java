/**
 * What operators see of the databases and do with them through Boot's actuator. Nothing
 * here talks to a database in the thread of a request: all is read from what the life
 * cycle knows.
 */
@NullMarked
package io.appdbs.actuate;

import org.jspecify.annotations.NullMarked;

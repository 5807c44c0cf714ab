/**
 * What an application requires of the schema of a database before it starts.
 */
@NullMarked
package io.appdbs.requirement;

import org.jspecify.annotations.NullMarked;

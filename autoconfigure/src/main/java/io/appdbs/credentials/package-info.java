/**
 * Credentials of a database, and their replacement while the application runs.
 */
@NullMarked
package io.appdbs.credentials;

import org.jspecify.annotations.NullMarked;

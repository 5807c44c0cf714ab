/**
 * Credentials that change while the application runs.
 */
@NullMarked
package io.appdbs.credentials;

import org.jspecify.annotations.NullMarked;

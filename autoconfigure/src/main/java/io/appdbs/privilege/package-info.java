/**
 * Verification that the login of the application has the privileges that it needs, and no
 * others.
 */
@NullMarked
package io.appdbs.privilege;

import org.jspecify.annotations.NullMarked;

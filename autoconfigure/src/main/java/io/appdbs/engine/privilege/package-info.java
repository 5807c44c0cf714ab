/**
 * Privileges of the login of an application, and the statements that grant and revoke
 * them, per engine.
 */
@NullMarked
package io.appdbs.engine.privilege;

import org.jspecify.annotations.NullMarked;

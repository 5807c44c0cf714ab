package io.appdbs.rls;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The context of a transaction's statements, as it is sent to the database.
 *
 * @param values the values of the settings, in their order
 * @param role the role of the database or {@code null} for the login itself
 */
record AppliedContext(List<String> values, @Nullable String role) {

}

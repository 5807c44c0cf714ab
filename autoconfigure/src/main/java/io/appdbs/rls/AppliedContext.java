package io.appdbs.rls;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a transaction's statements run under, as the database is told.
 *
 * @param values the values of the settings, in their order
 * @param role the role of the database or {@code null} for the login itself
 */
record AppliedContext(List<String> values, @Nullable String role) {

}

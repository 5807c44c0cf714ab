package io.appdbs.rls;

import java.util.function.BooleanSupplier;

import io.appdbs.engine.RlsSettings;

/**
 * What the connections of one database share.
 *
 * @param name the name of the database
 * @param settings the settings
 * @param contexts tells who the current user is
 * @param prefix sets the context
 * @param autoCommitPrefixed whether a statement outside of a transaction can carry the
 * prefix, as the start has found out
 */
record RlsDatabase(String name, RlsSettings settings, ContextSource contexts, ContextPrefix prefix,
		BooleanSupplier autoCommitPrefixed) {

}

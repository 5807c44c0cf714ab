package io.appdbs.rls.verify.catalog;

import java.util.Set;

import io.appdbs.settings.RlsSettings;

/**
 * What the parts of a proof have in common.
 *
 * @param catalog the catalog
 * @param details what else is known of policies, tables and views
 * @param rules which policies bind whom
 * @param settings the settings
 * @param role the name of the role that statements run as, unquoted
 * @param trusted the identifiers of functions that are allowed
 */
public record Proof(Catalog catalog, ProofCatalog details, PolicyRules rules, RlsSettings settings, String role,
		Set<Long> trusted) {

}

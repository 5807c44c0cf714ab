package io.appdbs.rls.verify.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.PolicyExpression;
import io.appdbs.rls.verify.catalog.PolicyFunctions;
import io.appdbs.rls.verify.catalog.Proof;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RlsSettings.Setting;

/**
 * What there is to say about a policy without evaluating it: the functions that it calls
 * and the settings that it reads.
 */
final class PolicyRemarks {

	private final Proof proof;

	private final DatabaseDefinition definition;

	private final Relation table;

	PolicyRemarks(Proof proof, DatabaseDefinition definition, Relation table) {
		this.proof = proof;
		this.definition = definition;
		this.table = table;
	}

	/**
	 * Returns the words for a policy.
	 */
	static String object(Policy policy, Relation table) {
		return "policy %s on %s".formatted(policy.name(), table);
	}

	List<Finding> about(Policy policy) {
		List<Finding> findings = new ArrayList<>();
		String object = object(policy, this.table);
		PolicyFunctions functions = this.proof.rules().functions();
		functions.denied(policy.functions())
			.forEach((function) -> findings.add(new Finding(FindingType.POLICY_RAISES, object,
					"raises an error: 42501, as role %s may not execute %s".formatted(this.proof.role(), function),
					"Grant EXECUTE on the function.")));
		functions.assumed(policy.functions())
			.stream()
			.filter((function) -> !this.proof.trusted().contains(function.id()))
			.forEach((function) -> findings.add(new Finding(FindingType.POLICY_ASSUMES_FUNCTION, object,
					"is proved under the assumption that %s returns what belongs to the user".formatted(function),
					isAllowable(function.id())
							? "If it does, declare it in '%s'.".formatted(this.definition.key("rls.allow")) : null)));
		Set<String> others = otherSettings(policy);
		if (!others.isEmpty()) {
			String key = this.definition.key("rls.settings");
			findings.add(new Finding(FindingType.POLICY_READS_OTHER_SETTING, object,
					"reads %s, but '%s' are %s".formatted(String.join(", ", others), key,
							settings().collect(Collectors.joining(", "))),
					"Read one of these settings, or add the other one to '%s'.".formatted(key)));
		}
		return findings;
	}

	private boolean isAllowable(long function) {
		return this.proof.catalog().routines().stream().anyMatch((routine) -> routine.id() == function);
	}

	private Stream<String> settings() {
		return this.proof.settings().settings().stream().map(Setting::name);
	}

	/**
	 * Returns the settings that a policy reads and no context has, in lower case.
	 */
	Set<String> otherSettings(Policy policy) {
		Set<String> others = new TreeSet<>();
		Stream.of(policy.using(), policy.check())
			.filter(Objects::nonNull)
			.forEach((text) -> others.addAll(new PolicyExpression(text).settings()));
		settings().map((setting) -> setting.toLowerCase(Locale.ROOT)).forEach(others::remove);
		return others;
	}

}

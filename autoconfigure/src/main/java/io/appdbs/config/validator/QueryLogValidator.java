package io.appdbs.config.validator;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Validates the settings of the query log of a database.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record QueryLogValidator(SettingProblems problems, DatabaseSettings settings, Engine engine,
		@Nullable ClassLoader classLoader) {

	private static final String QUERY_LOG = "query-log";

	private static final String PARAMETERS = "query-log-parameters";

	private static final String THRESHOLD = "slow-query-threshold";

	private static final String PLAN = "slow-query-plan";

	private static final String MASKED = "query-log-masked";

	/** Of a column, also one that has to be quoted, or the path of a field. */
	private static final Pattern NAME = Pattern.compile("[^\\s\"'`.;,()\\[\\]]+(\\.[^\\s\"'`.;,()\\[\\]]+)*");

	void validate() {
		Duration threshold = this.settings.slowQueryThreshold();
		if (threshold != null && threshold.toMillis() < 1) {
			this.problems.add(THRESHOLD, SettingProblems.text(threshold), "but must be at least 1ms",
					"Write 1ms or more, or set 'query-log' to true for a log of all queries.");
		}
		boolean logged = this.settings.queryLog() || threshold != null;
		if (logged && this.engine.getKind() == DatabaseKind.RELATIONAL
				&& !ClassUtils.isPresent("net.ttddyy.dsproxy.proxy.ProxyConfig", this.classLoader)) {
			boolean all = this.settings.queryLog();
			this.problems
				.add(all ? QUERY_LOG : THRESHOLD, (all || threshold == null) ? "true" : SettingProblems.text(threshold),
						"which needs 'net.ttddyy:datasource-proxy', and that is not on the class path",
						Dependency.advice(List.of("net.ttddyy:datasource-proxy")))
				.in(TroubleshootingSection.LIBRARY);
		}
		Place place = this.problems.place(PARAMETERS);
		if (this.settings.queryLogParameters() && !logged && place != null && place.own()) {
			this.problems.add(PARAMETERS, "true", "but no queries are logged",
					"Set '%s' to true or '%s' to a duration as well, or remove '%s'.".formatted(
							this.problems.key(QUERY_LOG), this.problems.key(THRESHOLD), this.problems.key(PARAMETERS)));
		}
		validateMasked(logged);
		if (this.settings.slowQueryPlan()) {
			validatePlan();
		}
	}

	/**
	 * Literals of statements are logged without parameters as well. A default applies to
	 * the databases that log values.
	 */
	private void validateMasked(boolean logged) {
		List<String> masked = this.settings.queryLogMasked();
		for (int i = 0; i < masked.size(); i++) {
			if (!NAME.matcher(masked.get(i)).matches()) {
				this.problems.add(this.problems.entry(MASKED, i), masked.get(i),
						"which is not the name of a column or the path of a field",
						"Write the name without quotes and table, such as iban, or the path of a field of MongoDB, such as address.zip.");
			}
		}
		Place place = this.problems.place(MASKED);
		if (masked.isEmpty() || (place != null && !place.own())) {
			return;
		}
		boolean relational = this.engine.getKind() == DatabaseKind.RELATIONAL;
		if (!logged) {
			this.problems.addOwn(MASKED, "'%s' is set, but no queries are logged.".formatted(this.problems.key(MASKED)),
					"Set '%s' to true or '%s' to a duration as well, or remove '%s'.".formatted(
							this.problems.key(QUERY_LOG), this.problems.key(THRESHOLD), this.problems.key(MASKED)));
		}
		else if (!relational && !this.settings.queryLogParameters()) {
			this.problems.addOwn(MASKED,
					"'%s' is set, but commands are logged without values.".formatted(this.problems.key(MASKED)),
					"Remove '%s', or set '%s' to true.".formatted(this.problems.key(MASKED),
							this.problems.key(PARAMETERS)));
		}
	}

	private void validatePlan() {
		Place place = this.problems.place(PLAN);
		boolean own = place == null || place.own();
		if (this.settings.slowQueryThreshold() == null && own) {
			this.problems.add(PLAN, "true", "but no query counts as slow",
					"Set '%s' to a duration as well, or remove '%s'.".formatted(this.problems.key(THRESHOLD),
							this.problems.key(PLAN)));
		}
		if (this.settings.rls().enabled()) {
			this.problems.addOwn(PLAN,
					"'%s' is 'true', but '%s' is as well, with which the plan depends on the user."
						.formatted(this.problems.key(PLAN), this.problems.key("rls.enabled")),
					(own ? "Remove '%s'." : "Move '%s' to the databases without row-level security.")
						.formatted(this.problems.key(PLAN)));
		}
	}

}

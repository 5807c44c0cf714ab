package io.appdbs.config;

import java.time.Duration;
import java.util.List;

import io.appdbs.config.ConfiguredSources.Place;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Refuses settings of the query log that cannot be meant, or not be followed.
 */
class QueryLogValidator {

	private static final String QUERY_LOG = "query-log";

	private static final String PARAMETERS = "query-log-parameters";

	private static final String THRESHOLD = "slow-query-threshold";

	private final SettingProblems problems;

	private final DatabaseSettings settings;

	QueryLogValidator(SettingProblems problems, DatabaseSettings settings) {
		this.problems = problems;
		this.settings = settings;
	}

	void validate(Engine engine, @Nullable ClassLoader classLoader) {
		Duration threshold = this.settings.slowQueryThreshold();
		if (threshold != null && threshold.toMillis() < 1) {
			this.problems.add(THRESHOLD, SettingProblems.text(threshold), "but must be at least 1ms",
					"Write 1ms or more, or set 'query-log' to true for a log of all queries.");
		}
		boolean logged = this.settings.queryLog() || threshold != null;
		if (logged && engine.getKind() == DatabaseKind.RELATIONAL
				&& !ClassUtils.isPresent("net.ttddyy.dsproxy.proxy.ProxyConfig", classLoader)) {
			boolean all = this.settings.queryLog();
			this.problems.add(all ? QUERY_LOG : THRESHOLD,
					(all || threshold == null) ? "true" : SettingProblems.text(threshold),
					"which needs 'net.ttddyy:datasource-proxy', and that is not on the class path",
					Dependency.advice(List.of("net.ttddyy:datasource-proxy")));
		}
		Place place = this.problems.place(PARAMETERS);
		if (this.settings.queryLogParameters() && !logged && place != null && place.own()) {
			this.problems.add(PARAMETERS, "true", "but no queries are logged",
					"Set '%s' to true or '%s' to a duration as well, or remove '%s'.".formatted(
							this.problems.key(QUERY_LOG), this.problems.key(THRESHOLD), this.problems.key(PARAMETERS)));
		}
	}

}

package io.appdbs.config.validator;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import io.appdbs.config.source.SettingProblems;
import io.appdbs.rls.verify.catalog.AllowedObject;
import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.Setting;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * Rejects values of {@code rls} that a database would not accept.
 *
 * @param problems where problems are reported
 * @param settings the settings
 */
record RlsValidator(SettingProblems problems, RlsSettings settings) {

	/** Names that PostgreSQL accepts for a custom setting. */
	private static final Pattern SETTING = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)+");

	/** The server accepts any name. Quotes would become a part of it. */
	private static final Pattern ROLE = Pattern.compile("[^\\s\"';]([^\"';]*[^\\s\"';])?");

	/** Each verification has a connection and about a dozen round trips. */
	private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

	void validate() {
		List<Setting> settings = this.settings.settings();
		Map<String, Integer> known = new HashMap<>();
		for (int i = 0; i < settings.size(); i++) {
			validateSetting(i, settings.get(i).name(), known);
			validateExpression("rls.settings[%d].expression".formatted(i), settings.get(i).expression());
		}
		validateRole(this.settings.role());
		this.problems.checkTables("rls.exempt-tables", this.settings.exemptTables());
		validateInterval(this.settings.verifyInterval());
		validateAllowed(this.settings.allow());
		new WitnessesValidator(this.problems, this.settings).validate();
	}

	private void validateInterval(Duration interval) {
		if (!interval.isZero() && interval.compareTo(SHORTEST_INTERVAL) < 0) {
			this.problems.add("rls.verify-interval", SettingProblems.text(interval), "but must be at least 1s, or 0",
					"Write a duration such as 1h, or 0 to verify only when the database is opened.");
		}
	}

	private void validateSetting(int index, @Nullable String name, Map<String, Integer> known) {
		String key = "rls.settings[%d].name".formatted(index);
		if (name == null) {
			this.problems.addOwn(key, "'%s' is missing.".formatted(this.problems.key(key)),
					"Write the name of the setting that policies read: app.tenant_id.");
			return;
		}
		if (!SETTING.matcher(name).matches()) {
			this.problems.add(key, name, "which cannot be the name of a custom setting",
					"Write a prefix, a dot and a name, each of letters, digits and '_': app.tenant_id.");
			return;
		}
		Integer other = known.putIfAbsent(name.toLowerCase(Locale.ROOT), index);
		if (other != null) {
			this.problems.add(key, name,
					"and so is '%s'".formatted(this.problems.key("rls.settings[%d].name".formatted(other))),
					"Remove one of them.");
		}
	}

	private void validateExpression(String key, @Nullable String expression) {
		if (expression == null) {
			return;
		}
		try {
			new SpelExpressionParser().parseExpression(expression);
		}
		catch (ParseException ex) {
			this.problems.add(key, expression, "which is not a Spring expression: " + ex.getSimpleMessage(),
					"Write an expression that is evaluated on the Authentication: token.claims['tenant'].");
		}
	}

	private void validateRole(@Nullable String role) {
		if (role == null) {
			return;
		}
		if (role.equalsIgnoreCase("none")) {
			this.problems.add("rls.role", role, "which stands for no role",
					"Name a role of the database, or remove it.");
		}
		else if (!ROLE.matcher(role).matches()) {
			this.problems.add("rls.role", role, "which is not the name of a role",
					"Write the name as the database has it, without quotes: orders_app.");
		}
	}

	private void validateAllowed(List<String> entries) {
		for (int i = 0; i < entries.size(); i++) {
			String entry = entries.get(i);
			if (AllowedObject.parse(entry) == null) {
				boolean split = entry.contains("(") != entry.contains(")");
				this.problems
					.add(this.problems.entry("rls.allow", i), entry, "which is not a policy, routine or command", split
							? "Begin each entry with '-' in YAML, or write it with an index: a comma separates entries."
							: "Write 'policy <name> on <table>', 'function <name>(<types>)', 'procedure <name>(<types>)' "
									+ "or '<command> on <table>'. Commands: select, insert, update, delete, truncate, "
									+ "references, trigger.");
			}
		}
	}

}

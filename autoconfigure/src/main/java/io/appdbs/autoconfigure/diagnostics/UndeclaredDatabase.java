package io.appdbs.autoconfigure.diagnostics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.Databases;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DisabledDatabase;
import io.appdbs.config.UnmatchedVariables;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.NearestName;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Analyzes an injection of a database that is not declared, and explains how to declare
 * it. An environment variable does not declare a database.
 *
 * @param environment the environment of the application
 */
record UndeclaredDatabase(Environment environment) {

	private static final Pattern URL_VARIABLE = Pattern.compile("APP_DBS_(.+)_URL");

	/**
	 * Analyzes an injection if there is no database, or none that is enabled.
	 * @param cause the failure
	 * @param injection the injection
	 * @param type the required type, one of the types of a database's beans
	 * @return the analysis or {@code null} if the injection may not be for a database
	 */
	@Nullable FailureAnalysis analyze(NoSuchBeanDefinitionException cause, FailedInjection injection, Class<?> type) {
		String qualifier = injection.qualifier();
		List<String> variables = findVariables(qualifier);
		if (cause instanceof NoUniqueBeanDefinitionException
				|| (type != Databases.class && qualifier == null && variables.isEmpty())) {
			return null;
		}
		String required = injection.required(type)
				+ ((qualifier != null) ? " of the database '%s'".formatted(qualifier) : "");
		Map<String, DisabledDatabase> disabled = DisabledDatabase.findAll(this.environment);
		if (!disabled.isEmpty()) {
			return new FailureAnalysis(
					"%s, but all databases are disabled: %s.".formatted(required, String.join(", ", disabled.keySet())),
					disabled.values().iterator().next().advice() + ", or remove the injection point.", cause);
		}
		String name = (qualifier != null) ? DatabaseNames.suggest(qualifier) : findName(variables);
		return new FailureAnalysis("%s, but no database is configured.%s".formatted(required, explain(variables)),
				"Configure %s%s.".formatted(declaration(name, variables), (qualifier == null || qualifier.equals(name))
						? "" : ", and use its name in @Qualifier(\"%s\")".formatted(name)),
				cause);
	}

	/**
	 * Analyzes an injection whose qualifier is not the name of a database.
	 * @param cause the failure
	 * @param required the start of a sentence about the required bean
	 * @param qualifier the qualifier
	 * @param names the names of the databases
	 * @param beanNames the bean names that match as well, by database
	 * @return the analysis
	 */
	FailureAnalysis analyze(NoSuchBeanDefinitionException cause, String required, String qualifier, List<String> names,
			Map<String, String> beanNames) {
		String known = String.join(", ", names);
		List<String> all = DatabaseNames.getAll(this.environment);
		if (all.contains(qualifier)) {
			ConfigurationPropertyName include = DatabaseNames.getIncludeKey(this.environment);
			return new FailureAnalysis(
					"%s of the database '%s', which is not in '%s'. Known: %s.".formatted(required, qualifier, include,
							known),
					"Add '%s' to '%s', or use one of the known names in @Qualifier.".formatted(qualifier, include),
					cause);
		}
		List<String> variables = findVariables(qualifier);
		Collection<String> candidates = new ArrayList<>(names);
		candidates.addAll(beanNames.values());
		String nearest = NearestName.find(qualifier, candidates);
		return new FailureAnalysis(
				"%s of the database '%s', but no database has that name. Known: %s.%s".formatted(required, qualifier,
						known, explain(variables)),
				"%sUse one of the known names in @Qualifier%s.".formatted(
						(nearest != null) ? "Did you mean '%s'? ".formatted(nearest) : "",
						DatabaseNames.isAvailable(qualifier, all)
								? ", or configure " + declaration(qualifier, variables) : ""),
				cause);
	}

	/**
	 * Finds the variables that look like keys of the database, or of any database if the
	 * name is {@code null}.
	 */
	private List<String> findVariables(@Nullable String name) {
		String upper = (name != null) ? DatabaseNames.suggest(name).toUpperCase(Locale.ROOT) + "_" : "";
		return new UnmatchedVariables(ConfiguredSources.of(this.environment), DatabaseNames.getAll(this.environment))
			.getNames()
			.stream()
			.filter((variable) -> variable.startsWith("APP_DBS_" + upper.replace('-', '_'))
					|| variable.startsWith("APP_DBS_" + upper.replace("-", "")))
			.sorted()
			.toList();
	}

	private static String explain(List<String> variables) {
		return variables.isEmpty() ? ""
				: " %s: %s. An environment variable overrides a key of a database, but does not declare a database."
					.formatted((variables.size() > 1) ? "Ignored variables" : "Ignored variable",
							String.join(", ", variables));
	}

	private static String findName(List<String> variables) {
		return variables.stream()
			.map(URL_VARIABLE::matcher)
			.filter(Matcher::matches)
			.map((matcher) -> matcher.group(1).toLowerCase(Locale.ROOT).replace('_', '-'))
			.findFirst()
			.orElse("<name>");
	}

	private static String declaration(String name, List<String> variables) {
		String key = DatabaseDefinition.key(name, "url");
		return variables.stream()
			.filter((variable) -> URL_VARIABLE.matcher(variable).matches())
			.findFirst()
			.map((variable) -> "the database in a file, for example with '%s=${%s}' in application.properties"
				.formatted(key, variable))
			.orElse("the database with '%s'".formatted(key));
	}

}

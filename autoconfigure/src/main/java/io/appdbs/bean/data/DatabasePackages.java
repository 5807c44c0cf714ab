package io.appdbs.bean.data;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.appdbs.DatabasePackage;
import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.KnownKeys;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * The packages whose entities and repositories belong to a database. A package includes
 * its sub-packages, except for those of another database.
 *
 * @param claims the claims by package
 */
public record DatabasePackages(Map<String, Claim> claims) {

	private static final Pattern PACKAGE = Pattern.compile(
			"\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*");

	/**
	 * Reads the packages of all databases, including those that the application does not
	 * use at present: nothing else claims their packages.
	 * @param environment the environment
	 * @param names the names of all configured databases
	 * @param routes the names of all routes
	 * @param annotated the classes and packages with {@link DatabasePackage}
	 * @param problems where problems are reported
	 * @return the packages
	 */
	public static DatabasePackages read(Environment environment, Collection<String> names, Collection<String> routes,
			Collection<AnnotationMetadata> annotated, ConfigurationProblems problems) {
		Reader reader = new Reader(environment, Stream.of(names, routes).flatMap(Collection::stream).toList(),
				problems);
		names.forEach((name) -> reader.readKey(name, ConfiguredSources.database(name)));
		routes.forEach((route) -> reader.readKey(route, ConfiguredSources.ROUTES.append(route)));
		annotated.forEach(reader::readAnnotation);
		return new DatabasePackages(reader.claims);
	}

	public boolean isEmpty() {
		return this.claims.isEmpty();
	}

	/**
	 * Returns the packages of a database.
	 * @param database the name of the database
	 * @return the packages, in the order of their declaration
	 */
	public List<String> get(String database) {
		return this.claims.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().database().equals(database))
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Finds the database that a class belongs to.
	 * @param className the name of the class
	 * @return the name of the database or {@code null} if no package of a database
	 * contains the class
	 */
	public @Nullable String findDatabase(String className) {
		String name = className;
		while (!name.isEmpty()) {
			name = ClassUtils.getPackageName(name);
			Claim claim = this.claims.get(name);
			if (claim != null) {
				return claim.database();
			}
		}
		return null;
	}

	/**
	 * Returns where a package is claimed, for messages.
	 * @param packageName the package
	 * @return the key or the annotated class
	 */
	public String getPlace(String packageName) {
		Claim claim = this.claims.get(packageName);
		return (claim != null) ? claim.place() : packageName;
	}

	/**
	 * Claim of a package by a database.
	 *
	 * @param database the name of the database
	 * @param place where the claim is written: the full key, or the annotation
	 */
	public record Claim(String database, String place) {

	}

	/**
	 * Collects the claims.
	 *
	 * @param environment the environment
	 * @param names the names of all configured databases
	 * @param problems where problems are reported
	 * @param claims the claims by package
	 */
	private record Reader(Environment environment, Collection<String> names, ConfigurationProblems problems,
			Map<String, Claim> claims) {

		Reader(Environment environment, Collection<String> names, ConfigurationProblems problems) {
			this(environment, names, problems, new LinkedHashMap<>());
		}

		void readKey(String database, ConfigurationPropertyName group) {
			String key = group.append("packages").toString();
			for (String packageName : bind(group)) {
				if (PACKAGE.matcher(packageName).matches()) {
					claim(packageName, new Claim(database, "'" + key + "'"));
				}
				else {
					this.problems.add(database, key, null,
							"'%s' has '%s', which is not the name of a package.".formatted(key, packageName),
							"Write the name of the package, for example 'com.example.%s', without a wildcard: sub-packages are included."
								.formatted(database.replace("-", "")));
				}
			}
		}

		private List<String> bind(ConfigurationPropertyName group) {
			try {
				return Binder.get(this.environment)
					.bind(group.append("packages"), Bindable.listOf(String.class))
					.orElse(List.of());
			}
			catch (BindException ex) {
				// reported with the other settings of the database
				return List.of();
			}
		}

		void readAnnotation(AnnotationMetadata metadata) {
			String className = metadata.getClassName();
			String database = String.valueOf(metadata.getAnnotations().get(DatabasePackage.class).getString("value"));
			String place = "@DatabasePackage(\"%s\") on '%s'".formatted(database, className);
			if (this.names.contains(database)) {
				claim(ClassUtils.getPackageName(className), new Claim(database, place));
			}
			else {
				this.problems
					.add(null, null, null, "%s names a database that does not exist.".formatted(place),
							KnownKeys.suggest(database, "databases", this.names))
					.in(TroubleshootingSection.PERSISTENCE_SETTING);
			}
		}

		private void claim(String packageName, Claim claim) {
			Claim other = this.claims.putIfAbsent(packageName, claim);
			if (other != null && !other.database().equals(claim.database())) {
				this.problems.add(null, null, null,
						"The package '%s' belongs to two databases: %s and %s.".formatted(packageName, other.place(),
								claim.place()),
						"Keep it at one of the databases '%s' and '%s', and move the classes of the other one to a package of that database."
							.formatted(other.database(), claim.database()))
					.in(TroubleshootingSection.PERSISTENCE_SETTING);
			}
		}

	}

}
